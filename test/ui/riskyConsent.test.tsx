// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { erc20Abi, maxUint256, parseAbi, type Address } from 'viem'
import { afterEach, expect, test, vi } from 'vitest'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { PermissionConsentView } from '../../src/ui/index.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const abi = parseAbi(['function mint(address to)'])
const now = Date.UTC(2026, 10, 22, 17) / 1000
const day = 86_400

const request: PermissionConsentRequest = {
  type: 'permissions',
  id: '1',
  origin: 'https://sword-shop.example',
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: { [sword.toLowerCase()]: { name: 'Sword' }, [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 } },
  delegate: undefined,
  permissions: [],
  expiry: now + 3 * day,
  chainTime: now,
  upgradesAccount: false,
  adjustable: true,
}

afterEach(cleanup)
// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

function ask(asked: Partial<PermissionConsentRequest>) {
  const answers: string[] = []
  render(<PermissionConsentView request={{ ...request, ...asked }} timeZone="UTC" armDelayMs={0} onApprove={() => answers.push('yes')} onReject={() => answers.push('no')} />)
  return { answers, user: userEvent.setup() }
}
const allow = () => screen.getByRole('button', { name: 'Allow' })
const ticks = () => screen.queryAllByRole('checkbox', { name: 'I understand this and want to allow it' })

test('harmless permissions need no tick', async () => {
  const { answers, user } = ask({ permissions: [contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }), erc20Allowance({ token: gold, limit: 10n ** 21n })] })
  expect(ticks()).toEqual([])
  await user.click(allow())
  expect(answers).toEqual(['yes'])
})

test('each risky permission warns and needs a tick, and so does a far end', async () => {
  const { answers, user } = ask({
    expiry: now + 91 * day,
    permissions: [
      contractCall({ address: stranger, abi, callLimit: 1 }),
      contractCall({ address: sword, abi, functions: ['mint'], callLimit: 1 }),
      contractCall({ address: gold, abi: erc20Abi, functions: [{ name: 'approve', args: [stranger, maxUint256] }], callLimit: 1 }),
    ],
  })
  const [whole, harmless, approval] = screen.getAllByRole('listitem')
  expect(whole).toHaveTextContent('Every function of 0x9fE4…a6e0 is allowed')
  expect(whole).toHaveTextContent('0x9fE4…a6e0 says nothing of itself')
  expect(harmless).not.toHaveTextContent('Warning')
  expect(approval).toHaveTextContent('An approval outlives the session')
  expect(screen.getByText('It lasts for more than 90 days.', { exact: false })).toBeDefined()

  expect(ticks()).toHaveLength(3)
  expect(ticks()[0]).toHaveAccessibleDescription(/^anything on 0x9fE4…a6e0 ?, at most once$/)
  for (const missing of [3, 2, 1]) {
    expect(allow()).toHaveAccessibleDescription(missing === 1 ? 'Tick the warning that you have read first.' : `Tick the ${missing} warnings that you have read first.`)
    await user.click(allow())
    expect(answers).toEqual([])
    await user.click(ticks()[3 - missing] as HTMLElement)
  }
  await user.click(allow())
  expect(answers).toEqual(['yes'])
})

test('a tick taken back, and a risk that is lowered away', async () => {
  const { answers, user } = ask({ permissions: [erc20Allowance({ token: gold, limit: maxUint256 })] })
  await user.click(ticks()[0] as HTMLElement)
  await user.click(ticks()[0] as HTMLElement)
  await user.click(allow())
  expect(answers).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Allow less' }))
  await user.type(screen.getByRole('textbox', { name: 'Amount, in GOLD' }), '5')
  expect(ticks()).toEqual([])
  await user.click(allow())
  expect(answers).toEqual(['yes'])
})
