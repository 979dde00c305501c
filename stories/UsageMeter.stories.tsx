import type { Meta, StoryObj } from '@storybook/react-vite'
import { parseEther } from 'viem'
import type { Permission } from '../src/permissions/permission.js'
import { nativeStream } from '../src/permissions/tokenPermissions.js'
import { UsageMeter } from '../src/ui/usage-meter/UsageMeter.js'
import { day, metadata, mint, now, spend, weekly } from './sessionWorld.js'

const gold = 10n ** 18n
const amount = (left: bigint) => ({ amount: { limit: 1000n * gold, left: left * gold } })

const meta: Meta<typeof UsageMeter> = {
  title: 'Components/UsageMeter',
  component: UsageMeter,
  args: {
    metadata,
    nativeCurrency: { symbol: 'ETH', decimals: 18 },
    timeZone: 'Europe/Berlin',
    asOf: { blockNumber: 4_217n, timestamp: now },
    expiry: now + 30 * day,
    style: { maxInlineSize: '24rem' },
  },
}

export default meta
type Story = StoryObj<typeof UsageMeter>

export const Within: Story = { args: { permission: spend, usage: amount(750n) } }
export const Near: Story = { args: { permission: spend, usage: amount(150n) } }
export const Exhausted: Story = { args: { permission: spend, usage: amount(0n) } }
export const Calls: Story = { args: { permission: mint, usage: { calls: { limit: 50, left: 43 } } } }
/** It begins anew with each period. */
export const Periodic: Story = { args: { permission: weekly, usage: { amount: { limit: 100_000_000n, left: 12_500_000n } } } }
/** What has not unlocked yet is not used up. */
export const Stream: Story = {
  args: {
    permission: { ...nativeStream({ initial: parseEther('0.01'), perSecond: parseEther('0.000001'), max: parseEther('1') }), startTime: now - day } as Permission,
    usage: { amount: { limit: parseEther('1'), left: parseEther('0.04') } },
  },
}
export const NotStarted: Story = { args: { permission: { ...spend, startTime: now + day } as Permission, usage: amount(0n) } }
export const Unlimited: Story = { args: { permission: { ...spend, limit: 2n ** 256n - 1n } as Permission, usage: {} } }
/** A limit that the chain does not count, or that nobody could read. */
export const Unknown: Story = { args: { permission: mint, usage: { calls: { limit: 50, left: undefined } } } }
export const Reading: Story = { args: { permission: spend, reading: true, asOf: undefined } }
export const Revoked: Story = { args: { permission: spend, usage: { ...amount(750n), disabled: true } } }
export const Dark: Story = { args: Near.args ?? {}, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { args: Periodic.args ?? {}, globals: { direction: 'rtl' } }
