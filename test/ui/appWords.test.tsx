// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import fc from 'fast-check'
import { erc20Abi, maxUint256, parseAbi, parseUnits, type Address } from 'viem'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { PermissionConsentView } from '../../src/ui/index.js'
import { loadAppWordsReader } from '../../src/ui/permission-consent/appWordsReader.js'

const forge: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const now = Date.UTC(2026, 10, 22, 17) / 1000
const abi = parseAbi(['function forge(address token, uint256 price, uint8 metal)'])

const request: PermissionConsentRequest = {
  type: 'permissions',
  id: '1',
  origin: 'https://sword-shop.example',
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: { [forge.toLowerCase()]: { name: 'Forge' }, [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 } },
  delegate: undefined,
  permissions: [contractCall({ address: forge, abi, functions: [{ name: 'forge', args: [gold, parseUnits('12.5', 18), 2] }], callLimit: 50 })],
  expiry: now + 3 * 86_400,
  chainTime: now,
  upgradesAccount: false,
  adjustable: true,
}

const descriptor = (formats: unknown, metadata: unknown = {}, address = forge) => ({ context: { contract: { deployments: [{ chainId: 8453, address }] } }, metadata, display: { formats } })
const forging = descriptor(
  {
    'forge(address token,uint256 price,uint8 metal)': {
      intent: 'Forge a sword',
      fields: [
        { path: 'price', label: 'Price of one', format: 'tokenAmount', params: { tokenPath: 'token' } },
        { path: 'metal', label: 'Metal', format: 'enum', params: { $ref: '$.metadata.enums.metal' } },
      ],
    },
  },
  { owner: 'Sword Shop', enums: { metal: { 1: 'iron', 2: 'steel' } } },
)

// As the dialog does, where the app has such files.
beforeAll(async () => void (await loadAppWordsReader()))
afterEach(cleanup)
// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

const show = (descriptors: readonly unknown[] | undefined, asked: Partial<PermissionConsentRequest> = {}, onApprove = () => {}) =>
  render(<PermissionConsentView request={{ ...request, ...asked }} descriptors={descriptors} timeZone="UTC" armDelayMs={0} onApprove={onApprove} onReject={() => {}} />)

/** The value beside a label, in one of the lists of a part of the dialog. */
const valueOf = (part: HTMLElement, label: string) => within(part).getByText(label).closest('dt')?.nextElementSibling?.textContent

test('a pinned argument has the app’s label and format, the fact beside it, and the value as it stands one press away', async () => {
  show([forging])
  const item = screen.getByRole('listitem')
  const words = item.querySelector<HTMLElement>('.rsk-app-words')!
  expect(words).toHaveTextContent('The app’s words for forge (0x')
  expect(words).toHaveTextContent('“Forge a sword”')
  expect(valueOf(words, '“Price of one”')).toBe('12.5 GOLD')
  expect(valueOf(words, '“Metal”')).toBe('“steel” (2)')
  // The kit's own rows do not change.
  expect([...item.querySelectorAll('[data-kind=argument]')].map(({ textContent }) => textContent)).toContain('metal2')

  const exact = within(words).getByText('The values as they stand')
  expect(within(words).getByText('12500000000000000000')).not.toBeVisible()
  await userEvent.click(exact)
  expect(within(words).getByText('12500000000000000000')).toBeVisible()
  expect(valueOf(words, 'price')).toBe('12500000000000000000')
})

test('without an intent, its words are still said to be the app’s', () => {
  show([descriptor({ 'forge(address token,uint256 price,uint8 metal)': { fields: [{ path: 'metal', label: 'Metal' }] } })])
  expect(screen.getByText(/^The app’s words for what is fixed in forge \(0x/)).toBeDefined()
})

test('a file for another chain, another contract, or another function says nothing', () => {
  const { context, ...rest } = forging
  const elsewhere = { ...rest, context: { contract: { deployments: [{ ...context.contract.deployments[0], chainId: 1 }] } } }
  show([elsewhere, { ...forging, context: { contract: { deployments: [{ chainId: 8453, address: gold }] } } }])
  expect(document.querySelector('.rsk-app-words')).toBeNull()
})

test('words in markup stay words, and a file that holds itself is shown', () => {
  const loop: { [key: string]: unknown } = descriptor({ 'forge(address token,uint256 price,uint8 metal)': { intent: '<img src=x onerror=alert(1)>', fields: [{ path: 'metal', label: '<button>Allow</button>', format: 'raw' }] } })
  loop['self'] = loop
  show([loop])
  expect(screen.getByText('“<button>Allow</button>”')).toBeDefined()
  expect(document.querySelector('.rsk-app-words :is(img, button, input, a)')).toBeNull()
  expect(screen.getAllByRole('button', { name: 'Allow' })).toHaveLength(1)
})

/** All that the dialog says and asks beside the app's words. */
function facts() {
  const dialog = screen.getByRole('alertdialog').cloneNode(true) as HTMLElement
  const words = [...dialog.querySelectorAll('.rsk-app-words')]
  const controls = words.flatMap((one) => [...one.querySelectorAll('button, input, a, select, textarea, img, [style], [role]')])
  for (const one of words) one.remove()
  return {
    controls: controls.length,
    spoken: words.map(({ textContent }) => textContent).join(' '),
    text: dialog.textContent,
    warnings: [...dialog.querySelectorAll('.rsk-warning')].map(({ textContent }) => textContent),
    ticks: screen.getAllByRole('checkbox', { name: 'I understand this and want to allow it' }).length,
    obstacle: screen.getByRole('status').textContent,
  }
}

test('no file can hide or weaken a limit, a warning or a tick', () => {
  const permissions = [
    contractCall({ address: stranger, abi, functions: ['forge'], callLimit: 3 }),
    contractCall({ address: gold, abi: erc20Abi, functions: [{ name: 'approve', args: [stranger, maxUint256] }], callLimit: 2 }),
    erc20Allowance({ token: gold, limit: 10n ** 21n }),
  ]
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('\u202EHarmless', 'No warning', '</div><style>.rsk-warning{display:none}</style>', 'at most 0 GOLD', '”'.repeat(9)))
  const params = fc.record(
    { token: fc.constantFrom(gold, stranger, '$.metadata.constants.c'), tokenPath: fc.constantFrom('@.to', 'spender'), threshold: fc.constantFrom(0, '0x0', '1'), message: text, base: text, decimals: fc.integer({ min: -1, max: 80 }), prefix: fc.boolean(), encoding: fc.constantFrom('timestamp', 'blockheight'), $ref: fc.constant('$.metadata.enums.e') },
    { requiredKeys: [] },
  )
  const field = fc.record({ path: fc.constantFrom('amount', 'spender', '@.value', '#.amount.[0:1]', 'amount.[]'), label: text, format: fc.constantFrom('tokenAmount', 'amount', 'date', 'duration', 'unit', 'enum', 'nftName', 'calldata', 'addressName', 'raw', 'hidden'), params }, { requiredKeys: ['path'] })
  const approval = fc.record({ intent: text, fields: fc.array(field, { maxLength: 8 }) })

  show(undefined, { permissions })
  const { text: alone, warnings, ticks, obstacle } = facts()
  expect([warnings.length, ticks]).toEqual([3, 2])
  cleanup()
  let heard = 0
  fc.assert(
    fc.property(approval, text, (one, name) => {
      const files = [gold, stranger].map((address) => descriptor({ 'approve(address spender,uint256 amount)': one, 'forge(address token,uint256 price,uint8 metal)': one }, { owner: name, contractName: name, enums: { e: { [String(maxUint256)]: name } }, constants: { c: name } }, address))
      show(files, { permissions })
      const shown = facts()
      cleanup()
      heard += shown.spoken.length
      expect({ ...shown, spoken: '' }).toEqual({ controls: 0, spoken: '', text: alone, warnings, ticks, obstacle })
    }),
    { numRuns: 10 },
  )
  expect(heard, 'the files were read').toBeGreaterThan(500)
}, 120_000)
