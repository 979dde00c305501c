// @vitest-environment happy-dom
import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryStore, type Session } from '../../src/index.js'
import { SessionKeyList, type SessionKeyListProps } from '../../src/ui/index.js'
import { createWorld, day, durableStore, hour, metadata, now, shopping, usageOf, type WorldParameters } from '../../stories/sessionWorld.js'
import { tenThousand } from '../../stories/manySessions.js'
import { describePart } from './conformance/describePart.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function show(world: WorldParameters, props: Partial<SessionKeyListProps> = {}) {
  const wrapper = createWorld(world)
  render(
    <StrictMode>
      <SessionKeyList metadata={metadata} timeZone="Europe/Berlin" {...props} />
    </StrictMode>,
    { wrapper },
  )
  return { config: wrapper.config, region: screen.getByRole('region', { name: 'Your sessions' }) }
}

const named = (name: string, age: number, given: Parameters<typeof shopping>[0] = {}) => shopping({ name, createdAt: (now - age) * 1000, ...given })
const names = () => screen.getAllByRole('article').map((card) => within(card).getByRole('heading', { level: 3 }).textContent)

test('what is live comes first, then what has ended; the newest first in both', async () => {
  show({
    sessions: [
      named('old and live', 9 * day),
      named('ended', day, { status: 'revoked' }),
      named('new and live', hour),
      named('ended long ago', 20 * day, { status: 'expired', expiry: now - 10 * day }),
      named('gone', hour, { status: 'purged' }),
      named('in doubt', 2 * day, { status: 'unknown' }),
    ],
  })
  await screen.findByRole('list', { name: 'Your sessions' })
  expect(names()).toEqual(['new and live', 'in doubt', 'old and live', 'ended', 'ended long ago'])
})

test('with none it says what that means', async () => {
  const { region } = show({})
  expect(await screen.findByText('No app can act for you: there is no session.')).toBeVisible()
  expect(region).toHaveAttribute('data-state', 'empty')
})

test('while the store is read it says so', () => {
  const { region } = show({ store: { ...durableStore(), list: () => new Promise<never>(() => undefined) } })
  expect(region).toHaveAttribute('aria-busy', 'true')
  expect(screen.getByRole('status')).toHaveTextContent('Your sessions are being read…')
})

test('locked ones are not shown', async () => {
  const { config, region } = show({ sessions: [shopping()] })
  const card = await screen.findByRole('article')
  act(() => config.sessions.lock(config.wagmi.state.connections.values().next().value?.accounts[0] as `0x${string}`))
  expect(card).not.toBeInTheDocument()
  expect(region).toHaveTextContent('locked until your account connects again')
})

test('without an account it says what to do', async () => {
  const { config, region } = show({ sessions: [shopping()] })
  await screen.findByRole('article')
  act(() => config.wagmi.setState((state) => ({ ...state, current: null, connections: new Map(), status: 'disconnected' })))
  expect(region).toHaveTextContent('Connect a wallet to see its sessions.')
})

test('that nothing is kept is said once for all of them', async () => {
  show({ sessions: [shopping(), shopping({ name: 'arena' })], store: createMemoryStore() })
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(2))
  expect(screen.getAllByRole('note')).toHaveLength(1)
})

test('a definition of its name renews a session', async () => {
  const expired = shopping({ status: 'expired', expiry: now - hour })
  show({ sessions: [expired] }, { definitions: [{ name: 'shopping', permissions: expired.asked.permissions, expiry: now + day }] })
  expect(await screen.findByRole('button', { name: 'Start again' })).toBeVisible()
})

test('of ten thousand a page is rendered, and another with each press', async () => {
  show(tenThousand(), { pageSize: 5 })
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(5))
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }))
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(10))
  expect(screen.getByRole('list', { name: 'Your sessions' })).toHaveFocus()
})

test('what happens to one session leaves the others alone', async () => {
  const sessions = [named('one', hour), named('two', 2 * hour), named('three', 3 * hour)]
  const renders = new Map<string, number>()
  const { config } = show(
    { sessions, usage: Object.fromEntries(sessions.map((session) => [session.id, usageOf(session, [1, 1n])])) },
    { messages: countedBy(renders) },
  )
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(3))
  await act(() => vi.waitFor(() => expect(config.sessions.chainAhead(31_337)).toBe(0)))
  renders.clear()
  const [first] = await config.sessions.find()
  await act(() => config.sessions.transition(first as Session, 'exhausted'))
  expect(screen.getAllByText('Used up')).toHaveLength(1)
  expect([...renders.keys()]).toEqual(['one'])
})

test('time that passes renders no list and no card', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, now: now * 1000 })
  const session = named('one', hour, { expiry: now + 5 * 60 })
  const renders = new Map<string, number>()
  show({ sessions: [session], usage: { [session.id]: usageOf(session, [1, 1n]) } }, { messages: countedBy(renders) })
  const card = await screen.findByRole('article')
  await waitFor(() => expect(card).toHaveTextContent('in 5 minutes'))
  renders.clear()
  await act(() => vi.advanceTimersByTimeAsync(90_000))
  expect(card).toHaveTextContent(/in (3|4) minutes/)
  expect(renders.size).toBe(0)
})

test('what stands for a session can be another thing', async () => {
  show({ sessions: [shopping()] }, { children: ({ name }) => <strong>{name}</strong> })
  expect((await screen.findByText('shopping')).tagName).toBe('STRONG')
  expect(screen.queryByRole('article')).toBeNull()
})

/** A card asks for its name whenever it is rendered. */
function countedBy(renders: Map<string, number>) {
  return {
    sessionName: (name: string | undefined) => {
      renders.set(name ?? '', (renders.get(name ?? '') ?? 0) + 1)
      return name ?? ''
    },
  }
}

const wrapper = () => createWorld({ sessions: [shopping()] })
describePart('SessionKeyList', (props) => <SessionKeyList {...props} />, { tag: 'section', className: 'rsk-sessions', wrapper })
