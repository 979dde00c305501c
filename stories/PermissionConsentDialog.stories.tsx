import type { Meta, StoryObj } from '@storybook/react-vite'
import { type Address, encodeFunctionData, erc20Abi, maxUint256, parseAbi, parseEther, parseUnits } from 'viem'
import type { CallsConsentRequest, PermissionConsentRequest } from '../src/consent/consentRequest.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { erc20Allowance, erc20Periodic, erc721Transfer, nativeAllowance, nativeStream } from '../src/permissions/tokenPermissions.js'
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
  args: { now, timeZone: 'Europe/Berlin', onApprove: () => {}, onReject: () => {} },
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

const press = (canvasElement: HTMLElement, name: string) =>
  [...canvasElement.ownerDocument.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click()

function write(canvasElement: HTMLElement, label: string, text: string) {
  const field = [...canvasElement.ownerDocument.querySelectorAll('label')].find(({ textContent }) => textContent === label)?.control as HTMLInputElement | null
  if (!field) throw new Error(`No field ${label}`)
  // React listens to the setter of the prototype.
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** The user allows less: half of the gold, and not the optional part. */
export const Adjusted: Story = {
  args: { request: lowerable },
  play: async ({ canvasElement }) => {
    press(canvasElement, 'Allow less')
    await nextFrame()
    write(canvasElement, 'Amount, in GOLD', '500')
  },
}

/** More than was asked is not taken. */
export const AdjustedTooHigh: Story = {
  args: { request: { ...lowerable, id: 'too-high' } },
  play: async ({ canvasElement }) => {
    press(canvasElement, 'Allow less')
    await nextFrame()
    write(canvasElement, 'Amount, in GOLD', '5000')
  },
}

export const OptionalUnticked: Story = {
  args: { request: { ...lowerable, id: 'optional' } },
  play: async ({ canvasElement }) => {
    canvasElement.ownerDocument.querySelector<HTMLInputElement>('.rsk-permission input[type=checkbox]')?.click()
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

export const FiatWorstCase: Story = {
  args: {
    request: { ...lowerable, id: 'fiat' },
    gas: 'relay',
    prices: { [gold.toLowerCase()]: { currency: 'EUR', perToken: 0.05 }, native: { currency: 'EUR', perToken: 3000 } },
  },
}

/** The app's clear-signing file has words for the contract: they stand in quotation marks beside the facts. */
export const Descriptors: Story = {
  args: {
    request: { ...lowerable, id: 'descriptors', permissions: [contractCall({ address: sword, abi: swordAbi, functions: [{ name: 'mint', args: [treasury] }], callLimit: 50 })] },
    descriptors: [
      {
        $schema: 'https://eips.ethereum.org/assets/eip-7730/erc7730-v2.schema.json',
        context: { contract: { deployments: [{ chainId: 8453, address: sword }] } },
        metadata: { owner: 'Sword Shop', contractName: 'The Forge' },
        display: { formats: { 'mint(address to)': { intent: 'Forge a sword', fields: [{ path: 'to', label: 'Whose sword', format: 'addressName' }] } } },
      },
    ],
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
