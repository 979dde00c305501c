// @vitest-environment happy-dom
import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/index.js'
import { createMemoryStore, defineSession, expiresIn, GrantMismatchError, type Session, type SessionAction, type SessionStatus } from '../../src/index.js'
import { mockChain, mockWallet } from '../../src/testing/index.js'
import {
  SessionKeyCard,
  SessionKeyCardActions,
  SessionKeyCardActivity,
  SessionKeyCardDetails,
  SessionKeyCardExplanation,
  SessionKeyCardFacts,
  SessionKeyCardLimits,
  SessionKeyCardState,
  SessionKeyCardTitle,
  StorageNotice,
  uiMessages,
  type SessionKeyCardProps,
} from '../../src/ui/index.js'
import { createWorld, day, did, done, durableStore, explorableChain, gold, hour, metadata, mint, minted, now, paid, shopping, spend, sword, usageOf, weekly, type WorldParameters } from '../../stories/sessionWorld.js'
import { describePart } from './conformance/describePart.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

async function show(session: Session, { world, ...props }: Partial<SessionKeyCardProps> & { world?: WorldParameters } = {}) {
  const wrapper = createWorld({ sessions: [session], ...world })
  render(
    <StrictMode>
      <SessionKeyCard session={session.id} metadata={metadata} timeZone="Europe/Berlin" {...props} />
    </StrictMode>,
    { wrapper },
  )
  const card = await screen.findByRole('article', { name: session.name })
  return { card, config: wrapper.config }
}

const button = (name: string) => screen.getByRole('button', { name })
const press = (name: string) => userEvent.click(button(name))

describe('every state says what it is', () => {
  test.each<[SessionStatus, string, RegExp]>([
    ['requested', 'Waiting for you', /Nothing is allowed until you agree there/],
    ['granted', 'Checking', /compared with what was asked before anything is used/],
    ['active', 'Active', /acts within these limits without asking again/],
    ['exhausted', 'Used up', /Nothing is left/],
    ['unknown', 'Unconfirmed', /may have granted this or not. Look for 0x.{4}….{4} in the wallet’s own list/],
    ['quarantined', 'Set aside', /granted something else than the app asked for, as shown below. It was never used.*expiry goes beyond the request/],
    ['revoking', 'Ending', /the chain does not show it yet/],
    ['revoked', 'Ended', /It was ended here/],
    ['expired', 'Expired', /Its time is over/],
    ['rejected', 'Declined', /You said no/],
  ])('%s', async (status, word, explanation) => {
    const session = shopping({ status, ...(status === 'expired' ? { expiry: now - hour } : {}) })
    const { card } = await show(session)
    expect(card).toHaveAttribute('data-state', status)
    expect(within(card).getAllByText(word)[0]?.parentElement).toHaveClass('rsk-card-state')
    expect(card).toHaveTextContent(explanation)
  })

  test('what was granted stands beside what was asked, where it is another thing', async () => {
    const broader = { ...mint, callLimit: 5_000 }
    await show(shopping({ status: 'quarantined', permissions: [mint], granted: [{ permission: broader }], grantedExpiry: now + 9 * day }))
    expect(screen.getByRole('list', { name: 'What the app asked for' })).toHaveTextContent('at most 50 times')
    expect(screen.getByRole('list', { name: 'What your wallet granted' })).toHaveTextContent('at most 5000 times')
    expect(screen.getByText('Asked to end').nextSibling).toHaveTextContent('Wed 25 Nov, 18:00 CET')
    expect(screen.getByText('Ends').nextSibling).toHaveTextContent('Tue 1 Dec, 18:00 CET (in 9 days)')
  })

  test('ended by somebody else', async () => {
    const { card } = await show(shopping({ status: 'revoked', revocation: { blockNumber: 1n, elsewhere: true } }))
    expect(card).toHaveAttribute('data-state', 'revoked-elsewhere')
    expect(card).toHaveTextContent('It was ended outside of this app.')
  })

  test('of another account', async () => {
    const session = shopping({ account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' })
    const { card } = await show(session, { session })
    expect(card).toHaveAttribute('data-state', 'account-mismatch')
    expect(card).toHaveTextContent('It belongs to 0x7099…79C8. Connect that account')
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('none', async () => {
    render(<SessionKeyCard session="nothing" />, { wrapper: createWorld({}) })
    expect(await screen.findByText('There is no session here.')).toBeVisible()
  })

  test('over by the chain’s time, whatever is written down', async () => {
    const { card, config } = await show(shopping({ status: 'active', expiry: now + 60 }))
    act(() => config.sessions.noteChainTime(31_337, now + 60))
    expect(card).toHaveAttribute('data-state', 'expired')
  })
})

test.each([
  ['ahead', day],
  ['behind', -day],
])('a device whose clock is a day %s: what the chain says is shown, and what is left of its time by the chain’s clock', async (_, wrong) => {
  vi.setSystemTime((now + wrong) * 1000)
  const session = shopping({ expiry: now + 2 * hour })
  const { card, config } = await show(session, { world: { usage: { [session.id]: usageOf(session, [50, spend.limit]) } } })
  await waitFor(() => expect(card).toHaveTextContent('in 2 hours'))
  expect(card).toHaveTextContent('Active')
  expect(card).toHaveTextContent('Sun 22 Nov, 20:00 CET')
  act(() => config.sessions.noteChainTime(31_337, now + 2 * hour))
  expect(card).toHaveTextContent('Its time is over. The chain refuses its key.')
})

describe('what is left', () => {
  const session = shopping()

  test('each permission with its meter, as of a block', async () => {
    await show(session, { world: { usage: { [session.id]: usageOf(session, [43, 250n * 10n ** 18n]) } } })
    const items = within(screen.getByRole('list', { name: 'What it may still do' })).getAllByRole('listitem')
    expect(items.map((item) => within(item).getByRole('meter').getAttribute('aria-valuetext'))).toEqual([
      '43 of 50 calls left, as of Sun 18:00',
      '250 GOLD left of 1000 GOLD, as of Sun 18:00',
    ])
    expect(screen.getByText('as of Sun 18:00')).toBeVisible()
  })

  test('unknown where the chain does not answer', async () => {
    await show(session)
    await waitFor(() => expect(screen.getAllByText('What is left is not known')).toHaveLength(2))
  })

  test('used up, and when it renews', async () => {
    const periodic = shopping({ status: 'exhausted', permissions: [weekly], expiry: now + 30 * day })
    const { card } = await show(periodic, { world: { usage: { [periodic.id]: usageOf(periodic, [0n]) } } })
    expect(card).toHaveTextContent('Nothing is left for now. It renews Thu 18:00.')
  })

  test('the session key, the account and the network stand in the details', async () => {
    const { card, config } = await show(session)
    const [stored] = await config.sessions.find()
    await userEvent.click(screen.getByText('Details'))
    expect(within(card).getAllByTitle(session.address).at(-1)).toHaveTextContent(session.address)
    expect(within(card).getByTitle(stored?.account as string)).toBeInTheDocument()
    expect(card).toHaveTextContent('Mock chain (31337)')
  })

  test('when it was last used on this page', async () => {
    const { card, config } = await show(session)
    expect(card).not.toHaveTextContent('Last used')
    act(() => config.sessions.noteUse(session.id))
    expect(card).toHaveTextContent(/Last used.*Sun 22 Nov, 18:00/)
  })
})

describe('what it did', () => {
  const session = shopping()
  const items = async (): Promise<HTMLElement[]> => [...(await screen.findByText('Last actions')).parentElement!.querySelectorAll('li')]
  /** All of it is written down before the card is there. */
  const showHistory = async (history: readonly SessionAction[]) => {
    const store = durableStore()
    const wrapper = createWorld({ store, sessions: [session], history, wallet: mockWallet({ chain: explorableChain() }) })
    await expect.poll(async () => (await store.history?.list(session.id))?.[0]?.id).toBe(history.at(-1)?.id)
    render(<SessionKeyCard session={session.id} metadata={metadata} timeZone="Europe/Berlin" />, { wrapper })
    return { card: await screen.findByRole('article'), config: wrapper.config }
  }

  test('nothing is said of it while there is nothing', async () => {
    const { card } = await show(session)
    expect(card).not.toHaveTextContent('Last actions')
  })

  test('each with what became of it, in words, the newest first', async () => {
    await showHistory([
      did(session, 3 * hour, [paid(1n)], { status: 'sent' }),
      did(session, 8_500, [minted], { status: 'unknown', error: 'RelayOutcomeUnknownError' }),
      did(session, 8_000, [paid(1n)], { status: 'failed', error: 'SessionCallRevertedError' }),
      did(session, 600, [paid(5_000n)], { status: 'refused', error: 'SpendLimitExceededError', by: 'check' }),
      did(session, 120, [paid(60n), minted, paid(40n), minted], done),
    ])
    const found = await items()
    expect(found.map((item) => item.dataset['outcome'])).toEqual(['done', 'refused', 'failed', 'unknown', 'sent'])
    expect(found.map((item) => item.textContent)).toEqual([
      'Done transfer 100 GOLD and 2 × mint on Sword2 minutes agoTransaction 0x7a3f…7a3f',
      'Refused transfer 5000 GOLDIt is more than is left to spend. Nothing was sent.10 minutes ago',
      'Failed transfer 1 GOLDA contract that was called refused. Nothing took effect.2 hours ago',
      'Not known mint on SwordIt may have happened, and may still happen. Look at the chain before it is tried again.2 hours ago',
      'Sent transfer 1 GOLDWhat became of it has not been seen yet.3 hours ago',
    ])
    const link = within(found[0] as HTMLElement).getByRole('link', { name: 'Transaction 0x7a3f…7a3f' })
    expect(link).toHaveAttribute('href', `https://explorer.example/tx/0x${'7a3f'.repeat(16)}`)
    expect(link).toHaveAttribute('rel', 'noopener noreferrer')
  })

  test('a chain without an explorer has no link, and the whole hash is there to be read', async () => {
    await show(session, { world: { history: [did(session, 60, [minted], done)] } })
    expect(await screen.findByText('Transaction 0x7a3f…7a3f')).toHaveAttribute('title', `0x${'7a3f'.repeat(16)}`)
    expect(screen.queryByRole('link')).toBeNull()
  })

  test('five of them, and all on request', async () => {
    await showHistory(Array.from({ length: 25 }, (_, index) => did(session, 5_000 - index, [paid(BigInt(index))], done)))
    expect(await items()).toHaveLength(5)
    await userEvent.click(screen.getByText('Show more actions'))
    expect((await items()).map((item) => /[0-9]+ GOLD/.exec(item.textContent ?? '')?.[0])).toEqual(Array.from({ length: 20 }, (_, index) => `${24 - index} GOLD`))
    expect((await items())[0]?.parentElement).toHaveFocus()
    expect(screen.queryByText('Show more actions')).toBeNull()
  })

  test('a function is called as the user was shown it, or as every token calls it; what only the app calls it stands in quotation marks', async () => {
    const other = { to: sword, selector: '0x11111111', functionName: 'mint\u202E', value: 3n * 10n ** 17n } as const
    await showHistory([
      did(session, 4, [{ ...minted, functionName: 'harmless' }], done),
      did(session, 3, [{ to: gold, selector: '0x095ea7b3', functionName: 'harmless', value: 0n }], done),
      did(session, 2, [other], done),
      did(session, 1, [{ to: sword, selector: '0x11111111', value: 0n }, ...Array.from({ length: 4 }, (_, index) => ({ ...other, functionName: `f${index}` }))], done),
    ])
    expect((await items()).map((item) => item.querySelector('.rsk-action-what')?.textContent)).toEqual([
      'Done call 0x11111111 on Sword, “f0” on Sword, sending along 0.3 ETH, “f1” on Sword, sending along 0.3 ETH and 2 more calls',
      'Done “mint” on Sword, sending along 0.3 ETH',
      'Done approve on Gold',
      'Done mint on Sword',
    ])
  })

  test('an error without words, or with the name of what every object has, is said in general words', async () => {
    await showHistory([
      did(session, 2, [minted], { status: 'failed', error: 'constructor' }),
      did(session, 1, [minted], { status: 'refused', error: 'NobodyKnowsError', by: 'chain' }),
    ])
    expect((await items()).map((item) => item.querySelector('.rsk-action-reason')?.textContent)).toEqual([
      'The session does not allow it. The chain refused it.',
      'It did not go through. Nothing took effect.',
    ])
  })

  test('when it was last used outlives the page, and what was refused or failed is no use', async () => {
    const { card } = await showHistory([
      did(session, 2 * hour, [minted], done),
      did(session, 300, [minted], { status: 'failed', error: 'SessionCallRevertedError' }),
      did(session, 60, [paid(5_000n)], { status: 'refused', error: 'SpendLimitExceededError', by: 'check' }),
    ])
    await items()
    expect(within(card).getByText('Last used').nextSibling).toHaveTextContent('Sun 22 Nov, 16:00 CET (2 hours ago)')
  })

  test('what it does while the card is there appears, and its outcome takes its place', async () => {
    const { config } = await showHistory([])
    const action = did(session, 0, [minted], { status: 'sent' })
    config.sessions.histories.note(action)
    await waitFor(async () => expect((await items()).map((item) => item.dataset['outcome'])).toEqual(['sent']))
    config.sessions.histories.note({ ...action, outcome: done })
    await waitFor(async () => expect((await items()).map((item) => item.dataset['outcome'])).toEqual(['done']))
  })

  test('a store without a history shows none', async () => {
    const { card, config } = await show(session, { world: { store: { ...durableStore(), history: undefined } } })
    config.sessions.histories.note(did(session, 0, [minted], done))
    await waitFor(() => expect(config.sessions.histories.of(session.id).loaded).toBe(true))
    expect(card).not.toHaveTextContent('Last actions')
  })
})

describe('ending it', () => {
  /** Lists and ends by its own methods, and what it grants is no delegation. */
  const hybrid = (decision: 'grant' | 'broaden' = 'grant') => mockWallet({ dialect: 'erc7715-2024', decision, chain: mockChain({ timestamp: now }) })
  const opaque = (status: SessionStatus) => shopping({ status, dialect: 'erc7715-2024' })

  test('takes two presses, and the first has the focus on the safe answer', async () => {
    const wallet = hybrid()
    await show(opaque('active'), { world: { wallet } })
    await press('End session')
    expect(screen.getByRole('group', { name: 'End shopping?' })).toHaveAccessibleDescription(/do nothing more with it/)
    expect(button('Keep it')).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(button('End session')).toHaveFocus()
    expect(wallet.calls.map(({ method }) => method)).not.toContain('wallet_revokeExecutionPermission')
  })

  test.each([
    ['active', 'grant'],
    ['quarantined', 'broaden'],
  ] as const)('a session that is %s is ended by the wallet', async (status, decision) => {
    const wallet = hybrid(decision)
    const World = createWorld({ wallet })
    const granted = await grantPermissions(World.config, { name: 'shopping', permissions: [mint], expiry: expiresIn({ days: 3 }) }).catch((error: Error) => error)
    if (status === 'quarantined') expect(granted).toBeInstanceOf(GrantMismatchError)
    const [session] = await World.config.sessions.find()
    render(<SessionKeyCard session="shopping" metadata={metadata} />, { wrapper: World })
    const card = await screen.findByRole('article', { name: 'shopping' })
    expect(card).toHaveAttribute('data-state', status)
    await press('End session')
    await press('End it')
    await waitFor(() => expect(wallet.calls.at(-1)).toMatchObject({ method: 'wallet_revokeExecutionPermission', params: [{ permissionContext: session?.handle }] }))
    expect(within(card).getByRole('status')).toHaveTextContent('Answer in your wallet; then the chain has to show it…')
    await waitFor(() => expect(card).toHaveAttribute('data-state', 'revoking'))
    expect(button('Try again')).toHaveAttribute('aria-disabled', 'true')
  })

  test('a wallet that cannot end it from here says where the user can', async () => {
    const wallet = mockWallet({ dialect: 'none', chain: mockChain({ timestamp: now }) })
    await show(opaque('active'), { world: { wallet } })
    await press('End session')
    await press('End it')
    expect(await screen.findByRole('alert')).toHaveTextContent('End it in your wallet’s own list of permissions')
    expect(button('End session')).toBeVisible()
  })

  test('what failed is gone when it is tried again', async () => {
    const wallet = mockWallet({ dialect: 'none', chain: mockChain({ timestamp: now }) })
    await show(opaque('active'), { world: { wallet } })
    await press('End session')
    await press('End it')
    await screen.findByRole('alert')
    await press('End session')
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('one that is being ended is tried again with one press', async () => {
    const wallet = hybrid()
    await show(opaque('revoking'), { world: { wallet } })
    await press('Try again')
    await waitFor(() => expect(wallet.calls.map(({ method }) => method)).toContain('wallet_revokeExecutionPermission'))
  })

  test('a grant that is not known cannot be ended from here, but looked for again', async () => {
    const wallet = hybrid()
    await show(shopping({ status: 'unknown', dialect: 'erc7715-2024' }), { world: { wallet } })
    expect(screen.queryByRole('button', { name: 'End session' })).toBeNull()
    await press('Check again')
    await waitFor(() => expect(wallet.calls.map(({ method }) => method)).toContain('wallet_getGrantedExecutionPermissions'))
    expect(await screen.findByText('Neither your wallet nor the chain can say yet.')).toBeVisible()
  })
})

describe('asking for it anew', () => {
  const definition = defineSession({ name: 'shopping', permissions: [mint, spend], expiry: expiresIn({ days: 3 }) })

  test.each([
    ['exhausted', 'Ask for more'],
    ['expired', 'Start again'],
    ['revoked', 'Start again'],
  ] as const)('%s: %s', async (status, words) => {
    const onRenew = vi.fn()
    const session = shopping({ status, ...(status === 'expired' ? { expiry: now - hour } : {}) })
    await show(session, { onRenew })
    await press(words)
    expect(onRenew).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: session.id }))
  })

  test('with a definition it asks the wallet', async () => {
    const wallet = mockWallet({ decision: 'reject', chain: mockChain({ timestamp: now }) })
    await show(shopping({ status: 'expired', expiry: now - hour }), { definition, world: { wallet } })
    await press('Start again')
    expect(await screen.findByRole('alert')).toHaveTextContent('You said no in your wallet. Nothing has changed.')
    expect(wallet.calls.map(({ method }) => method)).toContain('wallet_requestExecutionPermissions')
  })

  test('one whose definition has changed is offered the change', async () => {
    const changed = { ...definition, permissions: [{ ...mint, callLimit: 99 }] }
    const { card } = await show(shopping(), { definition: changed })
    expect(card).toHaveTextContent('The app asks for other terms by now.')
    expect(button('Review the change')).toBeVisible()
  })

  test('nothing is offered where nothing says what to ask for', async () => {
    await show(shopping({ status: 'expired', expiry: now - hour }))
    expect(screen.queryByRole('button')).toBeNull()
  })
})

test('a browser that keeps nothing is mentioned', async () => {
  await show(shopping(), { world: { store: createMemoryStore() } })
  expect(screen.getByRole('note')).toHaveTextContent('This browser keeps nothing')
})

test('time that passes re-renders its own text and nothing else', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, now: now * 1000 })
  const session = shopping({ expiry: now + 5 * 60 })
  const renders = { title: 0, card: 0 }
  const { card } = await show(session, {
    world: { usage: { [session.id]: usageOf(session, [50, spend.limit]) } },
    render: (props) => {
      renders.card++
      return <article {...props} />
    },
    children: (
      <>
        <SessionKeyCardTitle
          render={(props) => {
            renders.title++
            return <h3 {...props} />
          }}
        />
        <SessionKeyCardFacts />
      </>
    ),
  })
  await waitFor(() => expect(card).toHaveTextContent('in 5 minutes'))
  const before = { ...renders }
  await act(() => vi.advanceTimersByTimeAsync(90_000))
  expect(card).toHaveTextContent(/in (3|4) minutes/)
  expect(renders).toEqual(before)
})

test('every word can be another', async () => {
  const { card } = await show(shopping(), { messages: { sessionExplained: { ...uiMessages.sessionExplained, active: () => 'Läuft.' } } })
  expect(within(card).getByText('Läuft.')).toBeVisible()
})

const held = shopping()
const wrapper = () => createWorld({ sessions: [held], usage: { [held.id]: usageOf(held, [43, 1n]) }, history: [did(held, 60, [minted], done)] })
const inCard = (part: React.ReactNode) => (
  <SessionKeyCard session={held.id} metadata={metadata}>
    {part}
  </SessionKeyCard>
)
describePart('SessionKeyCard', (props) => <SessionKeyCard session={held.id} metadata={metadata} {...props} />, { tag: 'article', className: 'rsk-card', wrapper })
describePart('SessionKeyCardTitle', (props) => inCard(<SessionKeyCardTitle {...props} />), { tag: 'h3', className: 'rsk-card-title', wrapper })
describePart('SessionKeyCardState', (props) => inCard(<SessionKeyCardState {...props} />), { tag: 'span', className: 'rsk-card-state', wrapper })
describePart('SessionKeyCardExplanation', (props) => inCard(<SessionKeyCardExplanation {...props} />), { tag: 'p', className: 'rsk-card-explanation', wrapper })
describePart('SessionKeyCardLimits', (props) => inCard(<SessionKeyCardLimits {...props} />), { tag: 'div', className: 'rsk-card-limits', wrapper })
describePart('SessionKeyCardFacts', (props) => inCard(<SessionKeyCardFacts {...props} />), { tag: 'dl', className: 'rsk-facts rsk-card-facts', wrapper })
describePart('SessionKeyCardActivity', (props) => inCard(<SessionKeyCardActivity {...props} />), { tag: 'div', className: 'rsk-card-activity', wrapper })
describePart('SessionKeyCardDetails', (props) => inCard(<SessionKeyCardDetails {...props} />), { tag: 'details', className: 'rsk-details rsk-card-details', wrapper })
describePart('SessionKeyCardActions', (props) => inCard(<SessionKeyCardActions {...props} />), { tag: 'div', className: 'rsk-card-actions', wrapper })
describePart('StorageNotice', (props) => <StorageNotice {...props} />, {
  tag: 'p',
  className: 'rsk-storage-notice',
  wrapper: () => createWorld({ store: createMemoryStore() }),
})
