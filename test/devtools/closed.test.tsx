// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/index.js'
import { expiresIn, type SessionStore } from '../../src/index.js'
import { mockChain, mockWallet, type MockChain } from '../../src/testing/index.js'
import { durableStore, now, shopping, spend } from '../../stories/sessionWorld.js'
import { open, showDevtools, tab } from './showDevtools.js'

vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Everything that could be asked, read or listened to, counted. */
function countedWorld() {
  const counts = { chain: 0, reads: 0, listeners: 0 }
  const { chain, transport } = mockChain({ timestamp: now })
  const counted: MockChain = {
    chain,
    transport: (options) => {
      const { request, ...rest } = transport(options)
      return { ...rest, request: ((asked: never) => ((counts.chain += 1), request(asked))) as typeof request }
    },
  }
  const base = durableStore()
  const store: SessionStore = {
    ...base,
    get: (id) => ((counts.reads += 1), base.get(id)),
    list: (query) => ((counts.reads += 1), base.list(query)),
    getKey: (id) => ((counts.reads += 1), base.getKey(id)),
    subscribe(listener) {
      counts.listeners += 1
      const stop = base.subscribe(listener)
      return () => {
        counts.listeners -= 1
        stop()
      }
    },
  }
  return { counts, wallet: mockWallet({ dialect: 'erc7715', chain: counted }), store }
}

test('closed it asks nobody, reads nothing and watches nothing', async () => {
  const { counts, wallet, store } = countedWorld()
  const { queryClient, unmount } = showDevtools({ wallet, store, sessions: [shopping()] })
  const observers = () => queryClient.getQueryCache().getAll().reduce((sum, query) => sum + query.getObserversCount(), 0)
  const quiet = () => ({ ...counts, wallet: wallet.calls.length, observers: observers() })
  await act(() => vi.waitFor(() => expect(document.querySelector('.rsk-devtools-launcher')).not.toBeNull()))
  expect(quiet()).toEqual({ chain: 0, reads: 0, listeners: 0, wallet: 0, observers: 0 })

  await open()
  await screen.findByText('shopping')
  expect(counts.reads).toBeGreaterThan(0)
  expect(counts.listeners).toBeGreaterThan(0)
  for (const name of ['Timeline', 'Wire', 'Sessions']) await tab(name)
  expect({ chain: counts.chain, wallet: wallet.calls.length }, 'a session that is not opened is not asked about').toEqual({ chain: 0, wallet: 0 })
  await userEvent.click(await screen.findByText('shopping'))
  await waitFor(() => expect(counts.chain).toBeGreaterThan(0))
  expect(wallet.calls, 'the wallet is never asked').toEqual([])

  await userEvent.click(screen.getByRole('tab', { name: 'Sessions' }))
  await userEvent.keyboard('{Escape}')
  expect(counts.listeners).toBe(0)
  expect(observers()).toBe(0)
  unmount()
  expect(counts.listeners).toBe(0)
})

test('what it would write down goes nowhere once it is gone, and renders nothing while it is closed', async () => {
  const { wallet, store } = countedWorld()
  let renders = 0
  const { config, unmount } = showDevtools({ wallet, store }, { render: (props) => ((renders += 1), (<div {...props} />)) })
  const before = renders
  await act(() => grantPermissions(config, { name: 'shopping', permissions: [spend], expiry: expiresIn({ days: 1 }) }))
  expect(renders).toBe(before)
  await open()
  expect(screen.getByText(/^[1-9]\d* events$/)).toBeVisible()
  const listened = vi.fn()
  const stop = config.sessions.onStatus(listened)
  unmount()
  const [session] = await config.sessions.find()
  await config.sessions.transition(session!, 'exhausted')
  expect(listened).toHaveBeenCalledOnce()
  stop()
})
