import type { Meta, StoryObj } from '@storybook/react-vite'
import { erc20Abi, maxUint256, parseEther, parseUnits } from 'viem'
import { contractCall } from '../src/permissions/contractCall.js'
import type { Permission } from '../src/permissions/permission.js'
import { erc20Allowance, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic, nativeStream } from '../src/permissions/tokenPermissions.js'
import { PermissionList } from '../src/ui/permission-list/PermissionList.js'
import { day, gold, metadata, mint, now, spend, sword, usdc, weekly } from './sessionWorld.js'

const meta: Meta<typeof PermissionList> = {
  title: 'Components/PermissionList',
  component: PermissionList,
  args: { metadata, nativeCurrency: { symbol: 'ETH', decimals: 18 }, now, expiry: now + 30 * day, timeZone: 'Europe/Berlin', 'aria-label': 'What it may do' },
}

export default meta
type Story = StoryObj<typeof PermissionList>

const treasury = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'

export const OneOfEachKind: Story = {
  args: {
    permissions: [
      mint,
      spend,
      weekly,
      { ...erc20Stream({ token: gold, perSecond: parseUnits('0.001', 18), max: parseUnits('500', 18) }), startTime: now } as Permission,
      nativeAllowance({ limit: parseEther('0.1'), payee: treasury }),
      { ...nativePeriodic({ limit: parseEther('0.01'), period: { days: 1 } }), startTime: now } as Permission,
      { ...nativeStream({ initial: parseEther('0.01'), perSecond: parseEther('0.000001'), max: parseEther('1') }), startTime: now } as Permission,
      erc721Transfer({ token: sword, tokenId: 7n }),
    ],
  },
}
/** An approval, a whole contract, no limit: each says what is to be said of it. */
export const WithWarnings: Story = {
  args: {
    permissions: [
      contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [treasury, maxUint256] }], callLimit: 1 }),
      contractCall({ address: sword, abi: erc20Abi }),
      erc20Allowance({ token: gold, limit: maxUint256 }),
    ],
  },
}
export const WarningsElsewhere: Story = { args: { ...WithWarnings.args, warnings: false } }
export const Later: Story = { args: { permissions: [{ ...spend, startTime: now + day } as Permission] } }
/** Nothing is known of the contracts. */
export const WithoutMetadata: Story = { args: { permissions: [mint, spend, weekly], metadata: {} } }
export const Dark: Story = { args: WithWarnings.args ?? {}, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { args: OneOfEachKind.args ?? {}, globals: { direction: 'rtl' } }
