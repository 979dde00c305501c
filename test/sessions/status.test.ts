import fc from 'fast-check'
import { expect, test } from 'vitest'
import { InvalidTransitionError } from '../../src/sessions/storageErrors.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { isKeyless } from '../../src/sessions/session.js'
import { createSessionBook } from '../../src/sessions/sessionBook.js'
import { endedStatuses, openStatuses, transitions, type SessionStatus } from '../../src/sessions/status.js'
import { mockSession } from '../../src/testing/index.js'

const all = Object.keys(transitions) as SessionStatus[]

test('every state is either open or ended', () => {
  expect([...openStatuses, ...endedStatuses].sort()).toEqual([...all].sort())
})

test('whatever is tried in whatever order: only what the table allows happens, and a key goes only with a state that says so', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...all), { maxLength: 12 }), async (steps) => {
      const store = createMemoryStore()
      const book = createSessionBook({ store })
      const about = { ...mockSession({ status: 'requested' }), id: crypto.randomUUID() }
      let session = await book.open(about, { lifetimeSeconds: 60 })
      let keyless = false
      for (const step of steps) {
        // A session that was revoked by us has no key to come back with.
        const may = (transitions[session.status] as readonly SessionStatus[]).includes(step) && !(keyless && step === 'active')
        const next = book.transition(session, step)
        if (may) session = await next
        else await expect(next).rejects.toThrow(InvalidTransitionError)
        keyless ||= isKeyless(session)
        expect((await store.getKey(session.id)) === undefined).toBe(keyless)
      }
    }),
    { numRuns: 200 },
  )
})
