// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { render, screen } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { useSessionKey, type SessionKeyConfig } from '../../src/index.js'
import { createIndexedDbStore } from '../../src/sessions/indexedDbStore.js'
import { createLazyStore } from '../../src/sessions/lazyStore.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { createSessionBook } from '../../src/sessions/sessionBook.js'
import type { SessionStore } from '../../src/sessions/store.js'
import { createTestWrapper, mockSession, mockWallet, sessionStoreCases } from '../../src/testing/index.js'

describe('a store that is loaded when it is first asked is the same store', () => {
  test.each(sessionStoreCases)('$name', ({ run }) => {
    const name = crypto.randomUUID()
    return run(() => createLazyStore({ persistence: 'durable', load: async () => createIndexedDbStore({ name }) }))
  })
})

test('whoever stopped listening before it was loaded hears nothing', async () => {
  const store = createMemoryStore()
  const lazy = createLazyStore({ persistence: 'memory', load: async () => store })
  const heard: string[] = []
  lazy.subscribe(() => heard.push('stopped'))()
  lazy.subscribe(() => heard.push('listening'))
  await lazy.create(mockSession(), undefined)
  await lazy.create(mockSession({ id: 'another' }), undefined)
  expect(heard).not.toContain('stopped')
  expect(heard).toContain('listening')
})

/** A server that does not have the file, until it has. */
function unserved(store: SessionStore) {
  const state = { served: false, asked: 0 }
  const load = async () => {
    state.asked += 1
    if (!state.served) throw new TypeError('Failed to fetch dynamically imported module')
    return store
  }
  return { state, lazy: createLazyStore({ persistence: 'durable', load }) }
}

test('code that does not come is not an empty store: nothing is taken for lost, and nothing goes to memory', async () => {
  const wallet = mockWallet()
  const wrapper = createTestWrapper({ wallet })
  const stored = createMemoryStore()
  const { state, lazy } = unserved(stored)
  const config: SessionKeyConfig = { ...wrapper.config, sessions: createSessionBook({ store: lazy, fallback: createMemoryStore() }) }
  const account = wallet.account
  await stored.create(mockSession({ account, chainId: 31_337, status: 'active' }), undefined)

  const Status = () => <output>{useSessionKey({ config }).status}</output>
  render(<Status />, { wrapper })
  await expect.poll(() => state.asked).toBeGreaterThan(0)
  expect(screen.getByRole('status')).toHaveTextContent('hydrating')
  await expect(config.sessions.load(account)).rejects.toMatchObject({ name: 'StoreNotLoadedError', cause: { name: 'TypeError' } })
  expect(config.sessions.storage()).toEqual({ persistence: 'durable', problem: undefined })

  state.served = true
  await config.sessions.load(account)
  await expect.poll(() => screen.getByRole('status').textContent).toBe('active')
})
