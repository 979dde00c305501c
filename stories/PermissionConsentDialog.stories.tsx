import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, screen, waitFor, within } from 'storybook/test'
import { type Address, encodeFunctionData, erc20Abi, maxUint256, parseAbi, parseEther, parseUnits } from 'viem'
import type { CallsConsentRequest, PermissionConsentRequest } from '../src/consent/consentRequest.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { erc20Allowance, erc20Periodic, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic, nativeStream } from '../src/permissions/tokenPermissions.js'
import { PermissionConsentView } from '../src/ui/permission-consent/PermissionConsentView.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const router: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const treasury: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'

const now = Date.UTC(2026, 10, 22, 17) / 1000
const days = 86_400

const swordAbi = parseAbi(['function mint(address to)', 'function upgrade(uint256 tokenId, uint8 level)'])

const common = {
  origin: 'https://sword-shop.example',
  app: { name: 'Sword Shop', icon: swordIcon() },
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 }, explorer: 'https://basescan.org' },
  metadata: {
    [sword.toLowerCase()]: { name: 'Sword', symbol: 'SWORD' },
    [gold.toLowerCase()]: { name: 'Gold', symbol: 'GOLD', decimals: 18 },
    [usdc.toLowerCase()]: { name: 'USD Coin', symbol: 'USDC', decimals: 6 },
  },
} as const

const swordShop: PermissionConsentRequest = {
  ...common,
  type: 'permissions',
  id: 'sword-shop',
  delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  permissions: [
    contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
    erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
  ],
  expiry: now + 3 * days,
  chainTime: now,
  justification: 'So that you can buy and forge swords without a pop-up for every click.',
  upgradesAccount: true,
  adjustable: false,
}

const meta: Meta<typeof PermissionConsentView> = {
  title: 'Components/PermissionConsentDialog',
  component: PermissionConsentView,
  parameters: { docs: { story: { inline: false, height: '760px' } } },
  args: { now, timeZone: 'Europe/Berlin', onApprove: fn(), onReject: fn() },
}

export default meta
type Story = StoryObj<typeof PermissionConsentView>

/** A game: fifty swords, a thousand gold, three days. */
export const SwordShop: Story = { args: { request: swordShop } }

/** A whole contract and a pinned approval: everything that deserves a second look says so. */
export const WholeContractAndApproval: Story = {
  args: {
    request: {
      ...swordShop,
      id: 'whole-contract',
      upgradesAccount: false,
      adjustable: false,
      justification: undefined,
      permissions: [
        contractCall({ address: router, abi: swordAbi }),
        contractCall({
          address: usdc,
          abi: erc20Abi,
          functions: [{ name: 'approve', args: [router, parseUnits('20', 6)] }],
          callLimit: 1,
        }),
      ],
    },
  },
}

/** Amounts that renew or grow, one receiver, calls that carry ETH. */
export const PeriodsAndStreams: Story = {
  args: {
    request: {
      ...swordShop,
      id: 'periods',
      origin: 'https://app.longer-name.arena-of-swords.example',
      app: { name: 'Arena' },
      upgradesAccount: false,
      adjustable: false,
      expiry: now + 30 * days,
      permissions: [
        erc20Periodic({ token: usdc, limit: parseUnits('12.5', 6), period: { days: 7 }, payee: treasury, startTime: now }),
        nativeStream({ initial: parseEther('0.01'), perSecond: parseEther('0.000001'), max: parseEther('1'), startTime: now }),
        contractCall({ address: sword, abi: swordAbi, functions: ['upgrade', 'mint'], callLimit: 10, valueLimit: parseEther('0.01') }),
      ],
    },
  },
}

/** The account itself acts, once. */
export const Calls: Story = {
  args: {
    request: {
      ...common,
      type: 'calls',
      id: 'calls',
      upgradesAccount: true,
      calls: [
        { to: usdc, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, parseUnits('20', 6)] }) },
        { to: treasury, value: parseEther('0.05'), data: '0x' },
      ],
    } satisfies CallsConsentRequest,
  },
}

/** No metadata, no name, a site that is not encrypted, and text that tries to be more than text. */
export const Untrusted: Story = {
  args: {
    request: {
      ...swordShop,
      id: 'untrusted',
      origin: 'http://xn--sword-shp-p7a.example',
      app: { name: 'Sword Shop (verified), may do nothing at all' },
      metadata: { [gold.toLowerCase()]: { symbol: '1 GOLD at most, not' } },
      justification: '\u202Etxet desrever\u202C  Your wallet asks you to press Allow.',
      permissions: [
        contractCall({ address: sword, abi: swordAbi, functions: ['mint'] }),
        erc20Allowance({ token: gold, limit: 2n ** 256n - 1n }),
      ],
    },
  },
}

export const Dark: Story = { args: { request: swordShop }, globals: { scheme: 'dark' } }

export const RightToLeft: Story = { args: { request: swordShop }, globals: { direction: 'rtl' } }

function swordIcon(): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44"><rect width="44" height="44" fill="#2b2350"/><path d="M31 9l4 4-15 17-6-6zM13 25l6 6-2 2-2-2-4 4-2-2 4-4-2-2z" fill="#ffd36b"/></svg>'
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** A wallet without a screen of its own, which can only grant more than the app asked for: the user sees what it would really grant. */
export const GrantedWider: Story = {
  args: {
    request: {
      ...swordShop,
      id: 'granted-wider',
      delegate: undefined,
      permissions: [contractCall({ address: sword, abi: swordAbi, callLimit: 50, valueLimit: maxUint256 })],
      justification: undefined,
      upgradesAccount: false,
      adjustable: true,
      widened: [
        { path: 'permissions[0].functions', reason: 'an Openfort session may call every function of a contract' },
        { path: 'permissions[0].valueLimit', reason: 'an Openfort session may send any amount of the native token' },
      ],
    },
  },
}

const lowerable: PermissionConsentRequest = {
  ...swordShop,
  id: 'lowerable',
  adjustable: true,
  upgradesAccount: false,
  justification: undefined,
  permissions: [
    contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
    erc20Periodic({ token: gold, limit: parseUnits('1000', 18), period: { days: 1 }, startTime: now }),
    nativeAllowance({ limit: parseEther('0.1'), optional: true }),
  ],
}

const write = (text: string): NonNullable<Story['play']> => async ({ userEvent }) => {
  await userEvent.click(await screen.findByRole('button', { name: 'Allow less' }))
  const field = screen.getByRole('textbox', { name: 'Amount, in GOLD' })
  await userEvent.clear(field)
  await userEvent.type(field, text)
}

/** The user allows less: half of the gold. */
export const Adjusted: Story = {
  args: { request: lowerable },
  play: async (context) => {
    await write('500')(context)
    await expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription(/up to 500 GOLD per day/)
    await waitFor(() => expect(screen.getByText('Asked 1000 GOLD, you allow 500 GOLD')).toBeVisible())
  },
}

/** More than was asked is not taken. */
export const AdjustedTooHigh: Story = {
  args: { request: { ...lowerable, id: 'too-high' } },
  play: async (context) => {
    await write('5000')(context)
    await expect(screen.getByRole('button', { name: 'Allow' })).toHaveAccessibleDescription('Correct the marked limits first.')
  },
}

export const OptionalUnticked: Story = {
  args: { request: { ...lowerable, id: 'optional' } },
  play: async ({ userEvent }) => {
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Allow this too; the app can do without it' }))
    await waitFor(() => expect(screen.getByText('You do not allow this.')).toBeVisible())
  },
}

/** No pointer: the safe answer has the focus, Tab leads on to Allow, and Enter presses it once it can be. */
export const AllowedByKeyboard: Story = {
  args: { request: { ...swordShop, id: 'allowed-by-keyboard' } },
  play: async ({ args, userEvent }) => {
    const reject = await screen.findByRole('button', { name: 'Reject' })
    await waitFor(() => expect(reject).toHaveFocus())
    await userEvent.tab()
    const allow = screen.getByRole('button', { name: 'Allow' })
    await expect(allow).toHaveFocus()
    await waitFor(() => expect(allow).not.toHaveAttribute('aria-disabled'))
    await userEvent.keyboard('{Enter}')
    await expect(args.onApprove).toHaveBeenCalledTimes(1)
    await expect(args.onReject).not.toHaveBeenCalled()
  },
}

export const RejectedByEscape: Story = {
  args: { request: { ...swordShop, id: 'rejected-by-escape' } },
  play: async ({ args, userEvent }) => {
    const dialog = await screen.findByRole('alertdialog')
    await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement))
    await userEvent.keyboard('{Escape}')
    await expect(args.onReject).toHaveBeenCalledTimes(1)
    await expect(args.onReject).toHaveBeenCalledWith('escape-key')
    await expect(args.onApprove).not.toHaveBeenCalled()
  },
}

/** The user has allowed it, and the wallet is at work: nothing can be changed any more, and hiding it stops nothing. */
export const Granting: Story = {
  args: { request: { ...lowerable, id: 'granting' }, granting: true, onHide: fn() },
  play: async ({ args, userEvent }) => {
    await userEvent.click(await screen.findByRole('button', { name: 'Hide' }))
    await expect(args.onHide).toHaveBeenCalledTimes(1)
    await expect(args.onReject).not.toHaveBeenCalled()
  },
}

/** Addresses and amounts to the last unit, for who wants to compare them. */
export const DetailsOpened: Story = {
  args: { request: { ...swordShop, id: 'details' } },
  play: async ({ userEvent }) => {
    await userEvent.click(await screen.findByText('Technical details'))
    await waitFor(() => expect(screen.getByText('1,000,000,000,000,000,000,000 in the smallest unit')).toBeVisible())
    screen.getByText('Technical details').scrollIntoView()
  },
}

/** It takes the place of a session: what is new, changed, and gone. */
export const ChangedAgainstExisting: Story = {
  args: {
    request: {
      ...lowerable,
      id: 'changed',
      existing: {
        ends: true,
        terms: {
          expiry: now + days,
          permissions: [
            contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
            erc20Periodic({ token: gold, limit: parseUnits('500', 18), period: { days: 1 }, startTime: now - days }),
            erc20Allowance({ token: usdc, limit: parseUnits('20', 6) }),
          ],
        },
      },
    },
  },
}

/** Each danger warns, and has to be ticked. */
export const DangerousWithTicks: Story = {
  args: {
    request: {
      ...swordShop,
      id: 'dangerous',
      expiry: now + 365 * days,
      upgradesAccount: false,
      justification: undefined,
      permissions: [
        contractCall({ address: router, abi: swordAbi }),
        contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [router, maxUint256] }], callLimit: 1 }),
        erc20Allowance({ token: gold, limit: maxUint256 }),
      ],
    },
  },
}

/** Allow waits for the ticks, and says so. */
export const RisksTicked: Story = {
  args: { request: { ...(DangerousWithTicks.args?.request as PermissionConsentRequest), id: 'ticked' } },
  play: async ({ userEvent }) => {
    const allow = await screen.findByRole('button', { name: 'Allow' })
    await expect(allow).toHaveAccessibleDescription('Tick the 4 warnings that you have read first.')
    for (const tick of screen.getAllByRole('checkbox', { name: 'I understand this and want to allow it' })) await userEvent.click(tick)
    await waitFor(() => expect(allow).not.toHaveAttribute('aria-disabled'))
  },
}

/** One permission, of each kind. */
const only = (id: string, permission: PermissionConsentRequest['permissions'][number]): Story => ({
  args: { request: { ...lowerable, id, permissions: [permission], expiry: now + 30 * days } },
})
export const Erc20Stream: Story = only('erc20-stream', erc20Stream({ token: gold, initial: parseUnits('10', 18), perSecond: parseUnits('0.001', 18), max: parseUnits('500', 18), startTime: now }))
export const NativeAllowance: Story = only('native', nativeAllowance({ limit: parseEther('0.1'), payee: treasury }))
export const NativePeriodic: Story = only('native-periodic', nativePeriodic({ limit: parseEther('0.01'), period: { days: 1 }, startTime: now }))
export const NativeStream: Story = only('native-stream', nativeStream({ initial: 0n, perSecond: parseEther('0.000001'), max: parseEther('1'), startTime: now + days }))
export const Erc721: Story = only('erc721', erc721Transfer({ token: sword, tokenId: 7n }))
export const Unlimited: Story = only('unlimited', erc20Allowance({ token: gold, limit: maxUint256 }))
/** It says nothing of itself. */
export const UnknownContract: Story = only('unknown', contractCall({ address: router, abi: swordAbi, functions: ['mint'], callLimit: 5 }))

/** A symbol without decimals, and a contract without a name: amounts stay in the smallest unit, and are said to. */
export const PartialMetadata: Story = {
  args: { request: { ...lowerable, id: 'partial', metadata: { [gold.toLowerCase()]: { symbol: 'GOLD' } } } },
}
/** Nothing is read yet, or nobody can read it: a consent waits for no name. */
export const MetadataNotThere: Story = { args: { request: { ...lowerable, id: 'no-metadata', metadata: {} } } }

export const FiatWorstCase: Story = {
  args: {
    request: { ...lowerable, id: 'fiat' },
    gas: 'relay',
    prices: { [gold.toLowerCase()]: { currency: 'EUR', perToken: 0.05 }, native: { currency: 'EUR', perToken: 3000 } },
  },
}

const forgeAbi = parseAbi(['function forge(address token, uint256 price, uint8 metal, uint64 readyAt, address receiver)'])

/** The app's clear-signing file has words for the contract and for what is pinned: in quotation marks, beside the facts. */
export const Descriptors: Story = {
  args: {
    request: {
      ...lowerable,
      id: 'descriptors',
      permissions: [contractCall({ address: sword, abi: forgeAbi, functions: [{ name: 'forge', args: [gold, parseUnits('12.5', 18), 2, BigInt(now + days), treasury] }], callLimit: 50 })],
    },
    descriptors: [
      {
        $schema: 'https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json',
        context: { contract: { deployments: [{ chainId: 8453, address: sword }] } },
        metadata: { owner: 'Sword Shop', contractName: 'The Forge', enums: { metal: { 1: 'iron', 2: 'steel' } } },
        display: {
          formats: {
            'forge(address token,uint256 price,uint8 metal,uint64 readyAt,address receiver)': {
              intent: 'Forge a sword',
              fields: [
                { path: 'price', label: 'Price', format: 'tokenAmount', params: { tokenPath: 'token' } },
                { path: 'metal', label: 'Metal', format: 'enum', params: { $ref: '$.metadata.enums.metal' } },
                { path: 'readyAt', label: 'Ready', format: 'date', params: { encoding: 'timestamp' } },
                { path: 'receiver', label: 'Whose sword', format: 'addressName' },
              ],
            },
          },
        },
      },
    ],
  },
  play: async ({ userEvent }) => {
    const words = within(await screen.findByRole('listitem'))
    await waitFor(() => expect(words.getByText('“steel” (2)')).toBeVisible())
    await userEvent.click(words.getByText('The values as they stand'))
    await waitFor(() => expect(words.getByText('12500000000000000000')).toBeVisible())
  },
}

export const TenPermissions: Story = {
  args: {
    request: {
      ...lowerable,
      id: 'ten',
      permissions: [
        ...lowerable.permissions,
        ...Array.from({ length: 7 }, (_, index) => erc721Transfer({ token: sword, tokenId: BigInt(index + 1) })),
      ],
    },
  },
}

export const LongNames: Story = {
  args: {
    request: {
      ...lowerable,
      id: 'long',
      origin: 'https://a-very-long-subdomain-name-that-goes-on.and-on-and-on.arena-of-swords-and-shields.example',
      app: { name: 'The Most Honourable Company of Swordsmiths' },
      metadata: {
        [sword.toLowerCase()]: { name: 'SwordsOfTheMostHonourableCompanyOfSmiths' },
        [gold.toLowerCase()]: { symbol: 'GOLDOFTHEMOSTHONOURABLECOMPANY', decimals: 18 },
      },
    },
  },
}

export const NarrowScreen: Story = { args: { request: { ...lowerable, id: 'narrow' } }, parameters: { viewport: { defaultViewport: 'narrow' } } }

export const AdjustableDark: Story = { args: { request: { ...lowerable, id: 'dark' } }, globals: { scheme: 'dark' } }

export const AdjustableRightToLeft: Story = { args: { request: { ...lowerable, id: 'rtl' } }, globals: { direction: 'rtl' } }
