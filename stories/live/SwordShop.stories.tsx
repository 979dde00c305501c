import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'
import { askForSession, connect, endSession, left, press, startSession } from './journey.js'
import { LiveWorld } from './LiveWorld.js'
import { openLiveShop, type LiveShop } from './openLiveShop.js'
import { SwordShop } from './SwordShop.js'

/**
 * The whole journey, with nothing simulated but the money: the embedded wallet, the Delegation Framework's contracts and the relay, on a
 * chain that runs in this page. Each story begins with a new one.
 */
const meta: Meta = {
  title: 'Live/SwordShop',
  parameters: { docs: { story: { inline: false, height: '720px' } } },
  loaders: [async () => ({ shop: await openLiveShop() })],
  beforeEach: ({ loaded }) => () => (loaded as { shop: LiveShop }).shop.close(),
  render: (_, { loaded: { shop } }) => (
    <LiveWorld shop={shop}>
      <SwordShop passDay={shop.passDay} />
    </LiveWorld>
  ),
}

export default meta
type Story = StoryObj

/** For your own hands: connect, start a session, play. */
export const Open: Story = {}

/** Grant, mint, spend down, be refused by the kit and by the contracts, end it. */
export const Journey: Story = {
  async play(context) {
    const { canvas, userEvent, step } = context
    await step('The player connects', () => connect(context))

    await step('One question, in words', async () => {
      await startSession(context, async (question) => {
        await expect(question).toHaveAccessibleDescription(/The Forge.*5 times.*250 GOLD/)
      })
      await left(context, /5 of 5 calls left/, /250 GOLD left of 250 GOLD/)
    })

    await step('Mints and buys, and nobody is asked', async () => {
      await press(context, 'Mint a sword', 'A sword is yours.')
      await press(context, 'Buy for 100 GOLD', 'Paid 100 GOLD; a gilded sword is yours.')
      await press(context, 'Buy for 100 GOLD', 'Paid 100 GOLD; a gilded sword is yours.')
      await expect(canvas.queryByRole('alertdialog')).toBeNull()
      await left(context, /2 of 5 calls left/, /50 GOLD left of 250 GOLD/)
      await canvas.findByText('1800 GOLD')
      await waitFor(() => expect(within(canvas.getByRole('list', { name: 'Your swords' })).getAllByRole('img')).toHaveLength(3))
    })

    await step('Past the limit: refused before anything is sent', async () => {
      await press(context, 'Buy for 100 GOLD', /50 GOLD is left/)
      await expect(canvas.getByRole('alert')).toHaveTextContent('Refused before anything was sent.')
    })

    await step('Past our own check: refused by the contract', async () => {
      await userEvent.click(canvas.getByRole('checkbox', { name: /only the contracts refuse/ }))
      await press(context, 'Buy for 100 GOLD', /ERC20TransferAmountEnforcer:allowance-exceeded/)
      await left(context, /2 of 5 calls left/, /50 GOLD left of 250 GOLD/)
      await userEvent.click(canvas.getByRole('checkbox', { name: /only the contracts refuse/ }))
    })

    await step('Ended, and the chain says so', async () => {
      await endSession(context)
      await press(context, 'Mint a sword', 'This session was ended.')
    })
  },
}

/** The question, as this wallet puts it. */
export const Asked: Story = {
  async play(context) {
    await connect(context)
    await askForSession(context)
  },
}

/** Another evening: the session is on, something is spent. */
export const Dark: Story = {
  globals: { scheme: 'dark' },
  async play(context) {
    await connect(context)
    await startSession(context)
    await press(context, 'Buy for 100 GOLD', 'Paid 100 GOLD; a gilded sword is yours.')
    await left(context, /4 of 5 calls left/, /150 GOLD left of 250 GOLD/)
  },
}

/** Nobody ends it: after three days the chain refuses by itself. */
export const Expired: Story = {
  async play(context) {
    await connect(context)
    await startSession(context)
    for (let day = 1; day <= 3; day += 1) await press(context, 'A day passes', 'The chain is a day older.')
    await context.canvas.findByText('Its time is over. The chain refuses its key.')
    await press(context, 'Mint a sword', /session ended/)
  },
}

/** The player says no. */
export const Declined: Story = {
  async play(context) {
    await connect(context)
    const question = await askForSession(context)
    await context.userEvent.click(within(question).getByRole('button', { name: 'Reject' }))
    await context.canvas.findByText('You said no, so nothing was granted.')
  },
}
