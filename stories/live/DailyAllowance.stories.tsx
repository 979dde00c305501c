import type { Meta, StoryObj } from '@storybook/react-vite'
import { DailyAllowance } from './DailyAllowance.js'
import { connect, left, press, startSession } from './journey.js'
import { LiveWorld } from './LiveWorld.js'
import { openLiveShop, type LiveShop } from './openLiveShop.js'

/** An allowance that comes back: the chain's clock is moved, as only a chain of one's own lets one. */
const meta: Meta = {
  title: 'Live/DailyAllowance',
  parameters: { docs: { story: { inline: false, height: '720px' } } },
  loaders: [async () => ({ shop: await openLiveShop() })],
  beforeEach: ({ loaded }) => () => (loaded as { shop: LiveShop }).shop.close(),
  render: (_, { loaded: { shop } }) => (
    <LiveWorld shop={shop}>
      <DailyAllowance passDay={shop.passDay} />
    </LiveWorld>
  ),
}

export default meta
type Story = StoryObj

/** For your own hands. */
export const Open: Story = {}

/** Spent for today, refused, and there again tomorrow. */
export const ANewDay: Story = {
  async play(context) {
    const { step } = context
    await connect(context)
    await startSession(context)
    await step('Today', async () => {
      await press(context, 'A potion for 60 GOLD', 'Paid 60 GOLD for a potion.')
      await left(context, /40 GOLD left of 100 GOLD/)
      await press(context, 'A potion for 60 GOLD', /40 GOLD is left/)
    })
    await step('Tomorrow', async () => {
      await press(context, 'A day passes', 'The chain is a day older.')
      await left(context, /100 GOLD left of 100 GOLD/)
      await press(context, 'A potion for 60 GOLD', 'Paid 60 GOLD for a potion.')
      await left(context, /40 GOLD left of 100 GOLD/)
    })
  },
}
