import type { Meta, StoryObj } from '@storybook/react-vite'
import type { Terms } from '../src/permissions/compare.js'
import type { Permission } from '../src/permissions/permission.js'
import { GrantDifference } from '../src/ui/grant-difference/GrantDifference.js'
import { day, hour, metadata, mint, now, spend, weekly } from './sessionWorld.js'

const meta: Meta<typeof GrantDifference> = {
  title: 'Components/GrantDifference',
  component: GrantDifference,
  args: { asked: { permissions: [mint, spend], expiry: now + 3 * day }, metadata, now, timeZone: 'Europe/Berlin' },
}

export default meta
type Story = StoryObj<typeof GrantDifference>

const granted = (permissions: readonly Permission[], expiry = now + 3 * day): Story => ({ args: { granted: { permissions, expiry } satisfies Terms } })
const mintAtMost = (callLimit: number) => ({ ...mint, callLimit }) as Permission

/** The user lowered it in the wallet. */
export const Less: Story = granted([mintAtMost(3), spend], now + hour)
export const More: Story = granted([mintAtMost(5_000), { ...spend, limit: 2n ** 256n - 1n } as Permission], now + 9 * day)
/** One permission was not granted, and one that nobody asked for was. */
export const SomethingElse: Story = granted([mint, weekly])
export const LaterEnd: Story = granted([mint, spend], now + 30 * day)
export const Dark: Story = { ...More, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...More, globals: { direction: 'rtl' } }
