import type { Meta, StoryObj } from '@storybook/react-vite'
import { createMemoryStore } from '../src/index.js'
import { SessionKeyList } from '../src/ui/session-list/SessionKeyList.js'
import { tenThousand } from './manySessions.js'
import { createWorld, day, durableStore, hour, metadata, now, shopping, usageOf, weekly, type WorldParameters } from './sessionWorld.js'

type StoryArgs = { world: () => WorldParameters }

const meta: Meta<StoryArgs> = {
  title: 'Components/SessionKeyList',
  parameters: { docs: { story: { inline: false, height: '760px' } } },
  loaders: [({ args: { world } }) => ({ World: createWorld(world()) })],
  render: (_, { loaded: { World } }) => (
    <World>
      <SessionKeyList metadata={metadata} timeZone="Europe/Berlin" />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

function several(): WorldParameters {
  const live = shopping()
  const arena = shopping({ name: 'arena', permissions: [weekly], expiry: now + 30 * day, createdAt: (now - 3 * day) * 1000 })
  const others = (['quarantined', 'unknown', 'revoked', 'rejected'] as const).map((status, index) =>
    shopping({ status, name: `tournament-${index + 1}`, createdAt: (now - index * day) * 1000 }),
  )
  const expired = shopping({ status: 'expired', name: 'trial', expiry: now - hour, createdAt: (now - 9 * day) * 1000 })
  return {
    sessions: [expired, ...others, arena, live],
    usage: { [live.id]: usageOf(live, [43, 620n * 10n ** 18n]), [arena.id]: usageOf(arena, [12_500_000n]) },
  }
}

/** The live ones first, then what has ended; the newest first in both. */
export const Several: Story = { args: { world: several } }
export const Empty: Story = { args: { world: () => ({}) } }
export const Loading: Story = { args: { world: () => ({ store: { ...durableStore(), list: () => new Promise<never>(() => undefined) } }) } }
export const NotKept: Story = { args: { world: () => ({ ...several(), store: createMemoryStore() }) } }
/** Only the first page is on the screen; each press shows another. */
export const TenThousand: Story = { args: { world: tenThousand } }
export const Dark: Story = { args: { world: several }, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { args: { world: several }, globals: { direction: 'rtl' } }
