import type { Meta, StoryObj } from '@storybook/react-vite'
import { GrantMismatchError } from '../src/index.js'
import type { Permission } from '../src/permissions/permission.js'
import type { MockSessionParameters } from '../src/testing/index.js'
import { GrantMismatch } from '../src/ui/grant-difference/GrantMismatch.js'
import { day, metadata, mint, now, shopping, spend, weekly } from './sessionWorld.js'

const meta: Meta<typeof GrantMismatch> = {
  title: 'Components/GrantMismatch',
  component: GrantMismatch,
  args: { metadata, now, timeZone: 'Europe/Berlin' },
}

export default meta
type Story = StoryObj<typeof GrantMismatch>

const answered = (permissions: readonly Permission[], more: MockSessionParameters = {}): Story => {
  const session = shopping({ status: 'quarantined', granted: permissions.map((permission) => ({ permission })), grantedExpiry: now + 3 * day, ...more })
  return { args: { error: new GrantMismatchError({ session, reason: 'it is broader than the request', diff: [] }) } }
}

/** Five thousand calls where twenty were asked for. */
export const Broader: Story = answered([{ ...mint, callLimit: 5_000 } as Permission, spend])
export const EndsLater: Story = answered([mint, spend], { grantedExpiry: now + 90 * day })
export const AnotherPermission: Story = answered([mint, weekly])
export const Dark: Story = { ...Broader, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...Broader, globals: { direction: 'rtl' } }
