import { createKey, signerOf } from '../keys/storedKey.js'
import { generateWrappingKey } from '../keys/wrappedSecp256k1.js'
import { bindingOf } from '../sessions/openSession.js'
import type { Session } from '../sessions/session.js'
import type { SessionAction } from '../sessions/sessionAction.js'
import type { SessionStore } from '../sessions/store.js'
import { mockSession } from './mockSession.js'

export type SessionStoreCase = {
  /** What a store has to do, as a sentence. */
  name: string
  /**
   * Rejects, with the reason, where the store does not do it.
   * @param open opens the same place each time; for each case it must be an empty one
   */
  run(open: () => SessionStore): Promise<void>
}

/**
 * What every session store must do, for stores of an app's own. Free of any test runner.
 *
 * @example for (const { name, run } of sessionStoreCases) test(name, () => run(openEmptyStore()))
 */
export const sessionStoreCases: readonly SessionStoreCase[] = [
  {
    name: 'keeps a session and a key that still signs when opened again',
    async run(open) {
      const { session, key } = await stored(open())
      same(await open().get(session.id), session, 'the session')
      const opened = await open().getKey(session.id)
      if (!opened) throw new Error('the key is not there')
      const signer = await signerOf(opened.key, opened.wrappingKey, { ...bindingOf(session), address: key.address })
      await signer.signTypedData({ domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} })
    },
  },
  {
    name: 'adds a session and its key together, and never over another',
    async run(open) {
      const store = open()
      const { session, key } = await stored(store)
      await rejects(store.create({ ...session, name: 'another' }, undefined), 'SessionChangedError')
      same(await open().get(session.id), session, 'the session')
      same((await open().getKey(session.id))?.key.address, key.address, 'the key')
    },
  },
  {
    name: 'refuses a writer with an old revision, and changes nothing',
    async run(open) {
      const store = open()
      const { session } = await stored(store)
      const next: Session = { ...session, rev: 1, status: 'unknown' }
      await store.put(next)
      await rejects(store.put({ ...session, rev: 1, status: 'rejected' }, { dropKey: true }), 'SessionChangedError')
      await rejects(store.put({ ...session, rev: 3, status: 'granted' }), 'SessionChangedError')
      same(await open().get(session.id), next, 'the session')
      if (!(await open().getKey(session.id))) throw new Error('the key went with a change that was refused')
    },
  },
  {
    name: 'of many writers at once, exactly one wins each revision',
    async run(open) {
      const { session } = await stored(open())
      const attempts = await Promise.allSettled([open(), open(), open(), open()].map((store) => store.put({ ...session, rev: 1, status: 'unknown' })))
      same(attempts.filter(({ status }) => status === 'fulfilled').length, 1, 'the number of winners')
      same((await open().get(session.id))?.rev, 1, 'the revision')
    },
  },
  {
    name: 'says so when the session to change is gone',
    async run(open) {
      await rejects(open().put(mockSession({ rev: 1 })), 'SessionLostError')
    },
  },
  {
    name: 'drops the key with the change that says so, and not before',
    async run(open) {
      const store = open()
      const { session } = await stored(store)
      await store.put({ ...session, rev: 1, status: 'unknown' })
      if (!(await store.getKey(session.id))) throw new Error('the key is gone before it may')
      await store.put({ ...session, rev: 2, status: 'expired' }, { dropKey: true })
      same(await open().getKey(session.id), undefined, 'the key')
      same((await open().get(session.id))?.status, 'expired', 'the status')
    },
  },
  {
    name: 'makes one wrapping key, however many ask for it at once',
    async run(open) {
      const keys = await Promise.all([open(), open(), open()].map((store) => store.getWrappingKey(generateWrappingKey)))
      const session = mockSession({ status: 'requested' })
      const key = await createKey('secp256k1', keys[0] as CryptoKey, bindingOf(session))
      for (const wrappingKey of keys) {
        const signer = await signerOf(key, wrappingKey, { ...bindingOf(session), address: key.address })
        await signer.signTypedData({ domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} })
      }
    },
  },
  {
    name: 'finds by account, state, end and number, the newest first',
    async run(open) {
      const store = open()
      const mine = mockSession().account
      const other = '0x00000000000000000000000000000000000000b0'
      const rows = [
        mockSession({ name: 'a', status: 'active', createdAt: 1, expiry: 100 }),
        mockSession({ name: 'b', status: 'revoked', createdAt: 2, expiry: 200 }),
        mockSession({ name: 'c', status: 'active', createdAt: 3, expiry: 300, chainId: 5 }),
        mockSession({ name: 'd', status: 'active', createdAt: 4, expiry: 50, account: other }),
      ]
      for (const row of rows) await store.create(row, undefined)
      const names = async (query: Parameters<SessionStore['list']>[0]) => (await open().list(query)).map(({ name }) => name).join('')
      same(await names(undefined), 'dcba', 'all')
      same(await names({ account: mine }), 'cba', 'of an account')
      same(await names({ account: mine.toLowerCase() as typeof mine }), 'cba', 'of an account, written otherwise')
      same(await names({ account: mine, limit: 2 }), 'cb', 'the newest two')
      same(await names({ account: mine, limit: 1 }), 'c', 'the newest')
      same(await names({ account: mine, limit: Infinity }), await names({ account: mine }), 'all of them')
      same(await names({ account: mine, statuses: ['active'] }), 'ca', 'the active ones')
      same(await names({ account: mine, statuses: ['active', 'revoked'], limit: 2 }), 'cb', 'the newest two of two states')
      same(await names({ account: mine, statuses: [] }), '', 'of no state')
      same(await names({ statuses: ['active'], expiresBefore: 300 }), 'da', 'those that end')
    },
  },
  {
    name: 'tells who listens, until they stop',
    async run(open) {
      const store = open()
      const heard: string[] = []
      const stop = store.subscribe(({ id, rev }) => heard.push(`${id} ${rev}`))
      const { session } = await stored(store)
      await store.put({ ...session, rev: 1, status: 'unknown' })
      stop()
      await store.put({ ...session, rev: 2, status: 'expired' })
      same(heard.join(), `${session.id} 0,${session.id} 1`, 'what was heard')
    },
  },
  {
    name: 'where it keeps a history: the newest twenty actions of each session, and no other session’s',
    async run(open) {
      const store = open()
      const { history } = store
      if (!history) return
      const [mine, other] = [(await stored(store)).session, (await stored(store)).session]
      await history.put(action(other, 'theirs'))
      // Clocks are set back: what counts is the order.
      for (let index = 0; index < 25; index += 1) await history.put({ ...action(mine, `${index}`), at: 1_000 - index })
      const ids = async (...query: Parameters<typeof history.list>) => (await (open().history ?? history).list(...query)).map(({ id }) => id).join()
      same(await ids(mine.id), Array.from({ length: 20 }, (_, index) => `${24 - index}`).join(), 'what is kept')
      same(await ids(mine.id, 2), '24,23', 'the newest two')
      same(await ids(other.id), 'theirs', 'of the other session')
    },
  },
  {
    name: 'where it keeps a history: what became of an action stands in its place, as it was given',
    async run(open) {
      const store = open()
      const { history } = store
      if (!history) return
      const { session } = await stored(store)
      const done: SessionAction = { ...action(session, 'first'), outcome: { status: 'done', transactionHash: `0x${'ab'.repeat(32)}` } }
      await history.put(action(session, 'first'))
      await history.put(action(session, 'second'))
      await history.put(done)
      same(await (open().history ?? history).list(session.id), [action(session, 'second'), done], 'the history')
    },
  },
  {
    name: 'where it keeps a history: it goes with the session, and nothing of it comes after',
    async run(open) {
      const store = open()
      const { history } = store
      if (!history) return
      const { session } = await stored(store)
      await history.put(action(session, 'before'))
      await store.put({ ...session, rev: 1, status: 'revoked' }, { dropKey: true })
      same((await history.list(session.id)).length, 1, 'what is kept of one that has ended')
      await store.put({ ...session, rev: 2, status: 'purged' }, { dropKey: true })
      same(await history.list(session.id), [], 'the history')
      await history.put(action(session, 'after'))
      await history.put(action(mockSession(), 'of nobody'))
      same(await (open().history ?? history).list(session.id), [], 'the history, afterwards')
    },
  },
  {
    name: 'where it keeps a history: tells who listens whose it is, until they stop',
    async run(open) {
      const store = open()
      const { history } = store
      if (!history) return
      const { session } = await stored(store)
      const [heard, changes]: string[][] = [[], []]
      const stop = history.subscribe((id) => heard?.push(id))
      const stopChanges = store.subscribe(({ id }) => changes?.push(id))
      await history.put(action(session, 'heard'))
      stop()
      await history.put(action(session, 'not heard'))
      stopChanges()
      same(heard?.join(), session.id, 'what was heard')
      same(changes, [], 'changes of the session, of which there was none')
    },
  },
]

function action({ id: session, account: to }: Session, id: string): SessionAction {
  const calls = [{ to, selector: '0xa9059cbb', functionName: 'transfer', value: 0n, tokenAmount: 10n ** 30n }] as const
  return { id, v: 1, session, at: 1, calls, outcome: { status: 'sent' } }
}

async function stored(store: SessionStore) {
  const session = mockSession({ status: 'requested' })
  const key = await createKey('secp256k1', await store.getWrappingKey(generateWrappingKey), bindingOf(session))
  const own: Session = { ...session, address: key.address }
  await store.create(own, key)
  return { session: own, key }
}

function same(found: unknown, expected: unknown, what: string): void {
  const [is, should] = [found, expected].map(text)
  if (is !== should) throw new Error(`${what}: expected ${should}, found ${is}`)
}

function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`
    const plain = typeof part === 'object' && part !== null && !Array.isArray(part)
    return plain ? Object.fromEntries(Object.entries(part).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))) : part
  }) ?? 'undefined'
}

async function rejects(work: Promise<unknown>, name: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: Error) => reason,
  )
  if (error?.name !== name) throw new Error(`expected ${name}, got ${error ? error.name : 'no error'}`)
}
