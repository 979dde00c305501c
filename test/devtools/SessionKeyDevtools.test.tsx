// @vitest-environment happy-dom
import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/index.js'
import { SessionKeyDevtools } from '../../src/devtools/index.js'
import { expiresIn, type Permission } from '../../src/index.js'
import { mockChain, mockWallet } from '../../src/testing/index.js'
import { createWorld, day, gold, hour, mint, now, shopping, spend, usageOf, type WorldParameters } from '../../stories/sessionWorld.js'
import { describePart } from '../ui/conformance/describePart.js'
import { fill, open, showDevtools, tab } from './showDevtools.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

const terms = { permissions: [spend], expiry: expiresIn({ days: 3 }) }
const metaMask = (decision: 'grant' | 'reject' | 'hang' = 'grant') => mockWallet({ dialect: 'erc7715', decision, chain: mockChain({ timestamp: now }) })
const button = (name: string) => screen.getByRole('button', { name })
const itemOf = async (name: string) => (await screen.findByText(name)).closest('li') as HTMLElement

describe('the panel', () => {
  test('opens and closes, and the focus goes along', async () => {
    const onOpenChange = vi.fn()
    const { container } = showDevtools({}, { onOpenChange, position: 'top-left' })
    const root = container.firstElementChild as HTMLElement
    expect([root.dataset['state'], root.dataset['position']]).toEqual(['closed', 'top-left'])
    expect(button('Session key devtools')).toHaveAttribute('aria-expanded', 'false')
    await open()
    const panel = screen.getByRole('dialog', { name: 'Session key devtools' })
    expect(root.dataset['state']).toBe('open')
    expect(panel).not.toHaveAttribute('aria-modal')
    expect(screen.getByRole('tab', { name: 'Sessions' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(panel).not.toBeInTheDocument()
    expect(button('Session key devtools')).toHaveFocus()
    await open()
    await userEvent.click(button('Close Session key devtools'))
    expect(button('Session key devtools')).toHaveFocus()
    expect(onOpenChange.mock.calls).toEqual([
      [true, { reason: 'button' }],
      [false, { reason: 'escape-key' }],
      [true, { reason: 'button' }],
      [false, { reason: 'close-button' }],
    ])
  })

  test('that is open from the start takes no focus, and Escape elsewhere is not its business', async () => {
    showDevtools({}, { initialIsOpen: true })
    const panel = screen.getByRole('dialog')
    expect(document.body).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(panel).toBeInTheDocument()
  })

  test('arrows, Home and End go from tab to tab, and only the one that is shown is in the order', async () => {
    showDevtools({}, { initialIsOpen: true })
    await tab('Sessions')
    const selected = () => screen.getByRole('tab', { selected: true })
    const press = async (key: string) => {
      await userEvent.keyboard(`{${key}}`)
      expect(selected()).toHaveFocus()
      return selected().textContent
    }
    expect([await press('ArrowRight'), await press('ArrowRight'), await press('End'), await press('ArrowRight'), await press('ArrowLeft'), await press('Home')]).toEqual([
      'Timeline', 'Wire', 'Check', 'Sessions', 'Check', 'Sessions',
    ])
    expect(screen.getAllByRole('tab').map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1, -1])
    const panel = screen.getByRole('tabpanel', { name: 'Sessions' })
    expect(selected().getAttribute('aria-controls')).toBe(panel.id)
  })

  test('what was chosen and typed stays while it is closed', async () => {
    showDevtools({ sessions: [shopping()] }, { initialIsOpen: true })
    await tab('Check')
    await fill('To', gold)
    await userEvent.keyboard('{Escape}')
    await open()
    expect(await screen.findByLabelText('To')).toHaveValue(gold)
  })

  test('is called as the app calls it', async () => {
    showDevtools({}, { buttonLabel: 'Keys' })
    await userEvent.click(button('Keys'))
    expect(screen.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  })
})

describe('sessions', () => {
  const live = shopping()
  const callLimit = (limit: number) => ({ ...mint, callLimit: limit }) as Permission
  const several = (): WorldParameters => ({
    sessions: [
      live,
      shopping({ name: 'broader', status: 'quarantined', permissions: [callLimit(20)], granted: [{ permission: callLimit(5_000) }], grantedExpiry: now + 9 * day, problem: 'callLimit goes beyond the request' }),
      shopping({ name: 'other chain', chainId: 10 }),
      shopping({ name: 'somebody else’s', account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }),
    ],
    usage: { [live.id]: usageOf(live, [43, 250n * 10n ** 18n]) },
  })
  const names = () => [...document.querySelectorAll('.rsk-devtools-item .rsk-devtools-name')].map(({ textContent }) => textContent).sort()

  test('of the account and chain, of every chain, and all that are stored', async () => {
    showDevtools(several(), { initialIsOpen: true })
    await waitFor(() => expect(names()).toEqual(['broader', 'shopping']))
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'This account, every chain')
    expect(names()).toEqual(['broader', 'other chain', 'shopping'])
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'All that are stored')
    await waitFor(() => expect(names()).toEqual(['broader', 'other chain', 'shopping', 'somebody else’s']))
  })

  test('one that is opened says what is left of each permission, and its record', async () => {
    showDevtools(several(), { initialIsOpen: true })
    const item = await itemOf('shopping')
    expect(item).toHaveAttribute('data-status', 'active')
    expect(item).toHaveTextContent(/active.*shopping.*0x.{4}….{4}.*chain 31337.*in 3 days/)
    await userEvent.click(within(item).getByText('shopping'))
    const permissions = within(await within(item).findByRole('list', { name: 'Granted permissions' })).getAllByRole('listitem')
    expect(permissions[0]).toHaveTextContent(/mint on Sword, at most 50 times.*43 of 50 calls left/)
    expect(within(permissions[1]!).getByRole('meter')).toHaveAttribute('aria-valuenow', '25')
    expect(item).toHaveTextContent(`address${live.address}`)
    expect(item).toHaveTextContent(/keykept/)
    expect(item).toHaveTextContent('As of block 4217.')
    expect(within(item).queryByRole('table')).toBeNull()
  })

  test('one that the wallet granted otherwise: its error, and each difference', async () => {
    showDevtools(several(), { initialIsOpen: true })
    const item = await itemOf('broader')
    await userEvent.click(within(item).getByText('broader'))
    expect(item).toHaveTextContent('Error callLimit goes beyond the request')
    const rows = within(within(item).getByRole('table', { name: 'Differences' })).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toEqual(['TermAskedGranted', expect.stringMatching(/Ends.*25 Nov.*1 Dec.*broader/), expect.stringMatching(/Calls.*at most 20 times.*at most 5000 times broader/)])
    expect(item).toHaveTextContent(/grantedExpiry1 Dec 2026/)
  })

  test('over by the chain’s time, whatever is on record', async () => {
    const { config } = showDevtools({ sessions: [shopping({ expiry: now + 60 })] }, { initialIsOpen: true })
    const item = await itemOf('shopping')
    act(() => config.sessions.noteChainTime(31_337, now + 60))
    expect(item).toHaveAttribute('data-status', 'expired')
    await userEvent.click(within(item).getByText('shopping'))
    expect(item).toHaveTextContent('expired by the chain’s time, active on record')
  })

  test('of an account that is locked none is shown, wherever it is looked for', async () => {
    const { config } = showDevtools(several(), { initialIsOpen: true })
    await itemOf('shopping')
    act(() => config.sessions.lock(config.wagmi.state.connections.values().next().value?.accounts[0] as `0x${string}`))
    expect(screen.getByText('The sessions of this account are locked.')).toBeVisible()
    await userEvent.selectOptions(screen.getByLabelText('Show'), 'All that are stored')
    await waitFor(() => expect(names()).toEqual(['somebody else’s']))
    await tab('Check')
    expect(screen.getByText(/no session of this account that could act/)).toBeVisible()
  })

  test('without an account, and without sessions, it says so', async () => {
    const { config } = showDevtools({}, { initialIsOpen: true })
    expect(await screen.findByText('No sessions.')).toBeVisible()
    act(() => config.wagmi.setState((state) => ({ ...state, current: null, connections: new Map(), status: 'disconnected' })))
    expect(screen.getByText('No account is connected.')).toBeVisible()
  })
})

describe('timeline', () => {
  const steps = () => within(screen.getByRole('list', { name: 'Changes of status, newest first' })).getAllByRole('listitem').map(({ textContent }) => textContent)

  test('each step that a session took, closed or open, newest first', async () => {
    const { config } = showDevtools({ wallet: metaMask() })
    const { session } = await act(() => grantPermissions(config, { name: 'shopping', ...terms }))
    await open()
    await tab('Timeline')
    const id = session.id.slice(0, 8)
    expect(steps()).toEqual([
      `18:00:00.000grantedtoactiveshopping${id} · rev 2`,
      `18:00:00.000requestedtograntedshopping${id} · rev 1`,
      `18:00:00.000newtorequestedshopping${id} · rev 0`,
    ])
    await act(() => config.sessions.transition(session, 'exhausted'))
    expect(steps()[0]).toBe(`18:00:00.000activetoexhaustedshopping${id} · rev 3`)
  })

  test('and from the records what was before; of one session, if wanted', async () => {
    showDevtools({ sessions: [shopping(), shopping({ name: 'gone', status: 'purged', outcome: 'revoked', createdAt: (now - 9 * day) * 1000, updatedAt: (now - hour) * 1000 })] }, { initialIsOpen: true, initialTab: 'timeline' })
    const list = await screen.findByRole('list', { name: 'On record' })
    const record = within(list).getAllByRole('listitem').find((item) => item.textContent?.includes('gone'))
    expect(record).toHaveTextContent(/purged.*created 13 Nov 2026, 18:00:00.*updated 22 Nov 2026, 17:00:00.*outcome revoked/)
    await userEvent.selectOptions(screen.getByLabelText('Session'), screen.getByRole('option', { name: /gone/ }))
    expect(within(list).getAllByRole('listitem')).toEqual([record])
  })
})

describe('wire', () => {
  const exchanges = () => screen.getAllByRole('listitem').filter(({ dataset }) => dataset['state'])

  test('what was asked, what was answered, and how long it took', async () => {
    const { config } = showDevtools({ wallet: metaMask() })
    await act(() => grantPermissions(config, { name: 'shopping', ...terms }))
    await open()
    await tab('Wire')
    const grant = exchanges().find((item) => item.textContent?.includes('wallet_requestExecutionPermissions')) as HTMLElement
    expect(grant).toHaveTextContent(/^answeredwallet_requestExecutionPermissions\d+ ms18:00:00\.000$/)
    await userEvent.click(within(grant).getByText('wallet_requestExecutionPermissions'))
    expect(within(grant).getByRole('group', { name: 'Request' })).toHaveTextContent(`"tokenAddress": "${gold}"`)
    expect(within(grant).getByRole('group', { name: 'Answer' })).toHaveTextContent(/"context": "\[left out: \d+ bytes\]"/)
  })

  test('a no with its code, and one that is not answered yet', async () => {
    let grants = 0
    const wallet = mockWallet({ dialect: 'erc7715-2024', chain: mockChain({ timestamp: now }), decision: () => ((grants += 1) === 1 ? 'reject' : 'hang') })
    const { config } = showDevtools({ wallet }, { initialIsOpen: true, initialTab: 'wire' })
    await act(() => grantPermissions(config, { name: 'shopping', ...terms }).catch(() => undefined))
    const [refused] = exchanges()
    expect(refused).toHaveTextContent(/^failed 4001wallet_grantPermissions/)
    await userEvent.click(within(refused!).getByText('wallet_grantPermissions'))
    expect(within(refused!).getByRole('group', { name: 'Error' })).toHaveTextContent('"code": 4001')
    void grantPermissions(config, { name: 'arena', ...terms }).catch(() => undefined)
    await waitFor(() => expect(exchanges()[0]).toHaveTextContent(/^pendingwallet_grantPermissions…/))
  })

  test('the log is copied as JSON, by hand where the page may not, and cleared', async () => {
    const { config } = showDevtools({ wallet: metaMask() }, { initialIsOpen: true, initialTab: 'wire' })
    expect(button('Copy as JSON')).toHaveAttribute('aria-disabled', 'true')
    await act(() => grantPermissions(config, { name: 'shopping', ...terms }))
    const user = userEvent.setup()
    await user.click(button('Copy as JSON'))
    expect(await screen.findByText('Copied')).toBeVisible()
    const events = JSON.parse(await navigator.clipboard.readText()) as { kind: string; method?: string; to?: string }[]
    expect(events.flatMap(({ to }) => to ?? [])).toEqual(['requested', 'granted', 'active'])
    expect(events.flatMap(({ method }) => method ?? [])).toContain('wallet_requestExecutionPermissions')

    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'))
    await user.click(button('Copy as JSON'))
    expect(JSON.parse((await screen.findByLabelText<HTMLTextAreaElement>('The log as JSON')).value)).toEqual(events)

    await user.click(button('Clear log'))
    expect(button('Clear log')).toHaveFocus()
    expect(screen.getByText('0 events')).toBeVisible()
    expect(screen.getByText(/Nothing was sent to a wallet/)).toBeVisible()
    await tab('Timeline')
    expect(screen.getByText(/No session has changed/)).toBeVisible()
  })
})

describe('check', () => {
  /** The account of an opaque grant counts nothing on this chain; the check goes by what was granted. */
  const opaque = (): WorldParameters => ({ sessions: [shopping({ dialect: 'erc7715-2024' })] })
  async function check(fields: readonly (readonly [label: string, text: string])[], world = opaque()) {
    showDevtools(world, { initialIsOpen: true, initialTab: 'check' })
    for (const [label, text] of fields) await fill(label, text)
    await userEvent.click(button('Check'))
  }
  const transfer = (amount: string) => [['To', gold], ['Function', 'transfer(address to, uint256 amount)'], ['to: address', gold], ['amount: uint256', amount]] as const

  test('allowed', async () => {
    await check(transfer('1000'))
    const verdict = await screen.findByRole('region', { name: 'Verdict' })
    await waitFor(() => expect(verdict).toHaveAttribute('data-state', 'allowed'))
    expect(within(verdict).getByRole('status')).toHaveTextContent('Allowed')
    expect(await within(verdict).findByRole('list', { name: 'What is left' })).toHaveTextContent('spend up to 1000 GOLD in total')
  })

  test('refused, with the error that sending would throw', async () => {
    await check([['To', gold], ['Function', 'approve(address spender, uint256 amount)'], ['spender: address', gold], ['amount: uint256', '1']])
    const verdict = await screen.findByRole('region', { name: 'Verdict' })
    await waitFor(() => expect(verdict).toHaveAttribute('data-state', 'refused'))
    expect(verdict).toHaveTextContent('FunctionNotAllowedError This session may not call approve on Mock contract')
  })

  test('a value is checked too', async () => {
    await check([...transfer('1'), ['Value, in the native token', '0.1']])
    expect(await screen.findByText(/This session may not call|One call may carry 0/)).toBeVisible()
  })

  test('what cannot be read is said beside its field, and nothing is asked', async () => {
    await check([['To', 'gold']])
    expect(screen.getByLabelText('To')).toHaveAccessibleDescription(/no address/)
    expect(screen.getByLabelText('To')).toHaveAttribute('aria-invalid', 'true')
    expect(screen.queryByRole('region', { name: 'Verdict' })).toBeNull()
  })

  test('calldata as it is', async () => {
    showDevtools(opaque(), { initialIsOpen: true, initialTab: 'check' })
    await userEvent.click(await screen.findByLabelText('calldata'))
    await fill('To', gold)
    await fill('Calldata', '0x12345678')
    await userEvent.click(button('Check'))
    expect(await screen.findByText('Refused')).toBeVisible()
  })

  test('without a session that could act there is nothing to ask', async () => {
    showDevtools({ sessions: [shopping({ status: 'revoked' })] }, { initialIsOpen: true, initialTab: 'check' })
    expect(await screen.findByText(/no session of this account that could act/)).toBeVisible()
  })
})

describePart('SessionKeyDevtools', (props) => <SessionKeyDevtools {...props} />, { tag: 'div', className: 'rsk-devtools', wrapper: () => createWorld({}) })
