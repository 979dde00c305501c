// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { maxUint256, parseAbi, parseUnits, type Address } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ConsentTerms, PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { contractCall, defineSession, erc20Allowance, expiresIn, nativeAllowance, useGrantPermissions, useSessionKey } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { PermissionConsentDialog, PermissionConsentView } from '../../src/ui/index.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const abi = parseAbi(['function mint(address to)'])
const now = Date.UTC(2026, 10, 22, 17) / 1000
const day = 86_400
const mint = contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 })
const spend = erc20Allowance({ token: gold, limit: parseUnits('1000', 18) })
const tip = nativeAllowance({ limit: parseUnits('0.1', 18), optional: true })

const request: PermissionConsentRequest = {
  type: 'permissions',
  id: '1',
  origin: 'https://sword-shop.example',
  app: { name: 'Sword Shop' },
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: { [sword.toLowerCase()]: { name: 'Sword' }, [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 } },
  delegate: '0x90F79bf6EB2c4f870365E785982E1f101E93b906',
  permissions: [mint, spend, tip],
  expiry: now + 3 * day,
  chainTime: now,
  upgradesAccount: false,
  adjustable: true,
}

afterEach(cleanup)
// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

function ask(asked: Partial<PermissionConsentRequest> = {}) {
  const answers: (ConsentTerms | undefined)[] = []
  const user = userEvent.setup()
  render(
    <PermissionConsentView request={{ ...request, ...asked }} timeZone="Europe/Berlin" armDelayMs={0} onApprove={(terms) => answers.push(terms)} onReject={() => answers.push({ permissions: [], expiry: 0 })} />,
  )
  return { answers, user }
}
const allow = () => screen.getByRole('button', { name: 'Allow' })
const items = () => within(screen.getByRole('list', { name: 'What it may do' })).getAllByRole('listitem')
const sentence = () => document.getElementById(screen.getByRole('alertdialog').getAttribute('aria-describedby') as string)?.textContent

async function retype(user: ReturnType<typeof userEvent.setup>, name: string, text: string) {
  const field = screen.getByLabelText(name)
  await user.clear(field)
  if (text) await user.paste(text)
  return field
}

describe('allowing less', () => {
  test('a lower amount is said beside what was asked, in the sentence and in the answer', async () => {
    const { answers, user } = ask()
    await user.click(screen.getByRole('button', { name: 'Allow less' }))
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Amount, in GOLD' }).value).toBe('1000')
    await retype(user, 'Amount, in GOLD', '500')
    expect(items()[1]).toHaveTextContent('spend up to 500 GOLD in total')
    expect(items()[1]).toHaveTextContent('Asked 1000 GOLD, you allow 500 GOLD')
    expect(items()[1]).not.toHaveTextContent('Warning')
    expect(sentence()).toContain('spend up to 500 GOLD')
    await user.click(allow())
    expect(answers).toEqual([{ permissions: [mint, { ...spend, limit: parseUnits('500', 18) }, tip], expiry: request.expiry }])
  })

  test('fewer calls, an earlier end, and an optional permission unticked', async () => {
    const { answers, user } = ask()
    await user.click(screen.getByRole('button', { name: 'Allow less' }))
    await retype(user, 'Calls', '7')
    await user.selectOptions(screen.getByRole('combobox', { name: 'End sooner' }), String(now + day))
    await user.click(screen.getByRole('checkbox', { name: /the app can do without it/ }))
    expect(items()[0]).toHaveTextContent('Asked at most 50 times, you allow at most 7 times')
    expect(items()[2]).toHaveTextContent('You do not allow this.')
    expect(screen.getByText('Asked: Wed 25 Nov, 18:00 CET (in 3 days)')).toBeDefined()
    expect(sentence()).toBe('Sword Shop may mint on Sword (at most 7 times) and spend up to 1000 GOLD until Mon 23 Nov, 18:00 (in 24 hours).')
    await user.click(allow())
    expect(answers).toEqual([{ permissions: [{ ...mint, callLimit: 7 }, spend], expiry: now + day }])
  })

  test.each([
    ['more than was asked', '1000.5', 'You can only lower it. Asked: 1000 GOLD'],
    ['nothing at all', '0', 'Nothing would be left. Asked: 1000 GOLD'],
    ['no number', '5oo', 'Write a number. Asked: 1000 GOLD'],
    ['an empty field', '', 'Write a number. Asked: 1000 GOLD'],
  ])('%s is not taken, and nothing can be allowed until it is corrected', async (_, text, hint) => {
    const { answers, user } = ask()
    await user.click(screen.getByRole('button', { name: 'Allow less' }))
    const field = await retype(user, 'Amount, in GOLD', text)
    expect(field).toBeInvalid()
    expect(field).toHaveAccessibleDescription(hint)
    expect(allow()).toHaveAccessibleDescription('Correct the marked limits first.')
    await user.click(allow())
    expect(answers).toEqual([])
    await retype(user, 'Amount, in GOLD', '1000')
    await user.click(allow())
    expect(answers, 'as asked').toEqual([undefined])
  })

  test('what had no limit can be given one', async () => {
    const { answers, user } = ask({ permissions: [erc20Allowance({ token: gold, limit: maxUint256 })] })
    await user.click(screen.getByRole('button', { name: 'Allow less' }))
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Amount, in GOLD' }).value).toBe('')
    await retype(user, 'Amount, in GOLD', '2.5')
    expect(items()[0]).toHaveTextContent('Asked GOLD without limit, you allow 2.5 GOLD')
    await user.click(allow())
    expect(answers[0]?.permissions).toEqual([erc20Allowance({ token: gold, limit: parseUnits('2.5', 18) })])
  })

  test('nothing left is no yes', async () => {
    const { answers, user } = ask({ permissions: [tip] })
    await user.click(screen.getByRole('checkbox', { name: /the app can do without it/ }))
    expect(screen.getByRole('status')).toHaveTextContent('Nothing is left to allow')
    await user.click(allow())
    expect(answers).toEqual([])
  })

  test('another request begins as it was asked', async () => {
    const { user } = ask()
    await user.click(screen.getByRole('button', { name: 'Allow less' }))
    await retype(user, 'Amount, in GOLD', '500')
    cleanup()
    ask({ id: '2' })
    expect(items()[1]).toHaveTextContent('spend up to 1000 GOLD in total')
  })

  test('a request that cannot be changed has no fields', () => {
    ask({ adjustable: false })
    expect(screen.queryByRole('button', { name: 'Allow less' })).toBeNull()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })
})

const definition = defineSession({ name: 'shopping', expiry: expiresIn({ days: 3 }), permissions: [mint, erc20Allowance({ token: gold, limit: 1000n }), tip] })

function Shop() {
  const grant = useGrantPermissions()
  const session = useSessionKey({ session: definition })
  return (
    <main>
      <PermissionConsentDialog />
      <button onClick={() => grant.mutate(definition)}>Start</button>
      <p>Session: {session.status}</p>
      {grant.error && <p role="alert">{grant.error.message}</p>}
      {grant.data && <p>Differences: {grant.data.diff.map(({ asked, path, kind }) => `${asked ?? 'all'} ${path} ${kind}`).join(', ')}</p>}
    </main>
  )
}

describe('the embedded wallet', () => {
  test('grants what the user lowered it to; the session is active with less', async () => {
    const wallet = mockWallet({ decision: 'ask' })
    const wrapper = createTestWrapper({ wallet })
    const user = userEvent.setup()
    render(<Shop />, { wrapper })
    await user.click(screen.getByRole('button', { name: 'Start' }))
    await user.click(await screen.findByRole('button', { name: 'Allow less' }))
    // A chain in memory knows no token: amounts are in the smallest unit.
    await retype(user, 'Amount, in Mock contract', '400')
    fireEvent.click(screen.getByRole('checkbox', { name: /the app can do without it/ }))
    await user.click(allow())
    expect(await screen.findByText('Session: active')).toBeDefined()
    expect(screen.getByText(/^Differences/)).toHaveTextContent('Differences: 1 limit narrower, 2 permission missing')
    const [session] = await wrapper.config.sessions.find()
    expect(session?.granted.map(({ permission }) => permission)).toEqual([mint, { ...spend, limit: 400n }])
  })

  test('changes nothing where the app does not let it', async () => {
    const wallet = mockWallet({ decision: 'ask' })
    const wrapper = createTestWrapper({ wallet })
    const user = userEvent.setup()
    function Strict() {
      const grant = useGrantPermissions()
      return (
        <>
          <PermissionConsentDialog />
          <button onClick={() => grant.mutate({ ...definition, adjustable: false })}>Start</button>
        </>
      )
    }
    render(<Strict />, { wrapper })
    await user.click(screen.getByRole('button', { name: 'Start' }))
    await screen.findByRole('alertdialog')
    expect(screen.queryByRole('button', { name: 'Allow less' })).toBeNull()
  })
})
