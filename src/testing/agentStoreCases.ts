import type { AgentRow, AgentStore } from '../server/store/agentStore.js'

export type AgentStoreCase = {
  /** What a store has to do, as a sentence. */
  name: string
  /**
   * Rejects, with the reason, where the store does not do it.
   * @param open opens the same place each time, as another process would; for each case it must be an empty one
   */
  run(open: () => AgentStore): Promise<void>
}

/**
 * What every store of a server must do (`AgentStore`), for stores of an app's own. Free of any test runner.
 *
 * @example for (const { name, run } of agentStoreCases) test(name, () => run(openEmptyStore()))
 */
export const agentStoreCases: readonly AgentStoreCase[] = [
  {
    name: 'keeps a row as it was given, for whoever opens it next',
    async run(open) {
      const odd = row({ id: 'user:%F0%9F%97%9D~1', group: '', body: '{"text":"“Ünïcödé” \\u0000 🗝 \'\\"","n":{"$bigint":"1"}}' })
      await open().put(odd)
      same(await open().get('intent', odd.id), odd, 'the row')
      same(await open().get('session', odd.id), undefined, 'a row of another kind')
      same(await open().get('intent', 'another'), undefined, 'a row that is not there')
    },
  },
  {
    name: 'keeps long bodies',
    async run(open) {
      const long = row({ body: JSON.stringify('a'.repeat(200_000)) })
      await open().put(long)
      same(await open().get('intent', long.id), long, 'the row')
    },
  },
  {
    name: 'adds a row where there is none, and never over another',
    async run(open) {
      await open().put(row({ body: '"first"' }))
      await rejects(open().put(row({ body: '"second"' })), 'AgentRowChangedError')
      same((await open().get('intent', 'a'))?.body, '"first"', 'the body')
    },
  },
  {
    name: 'refuses a writer with an old revision, or one that is ahead, and changes nothing',
    async run(open) {
      await open().put(row({}))
      const next = row({ rev: 1, group: 'other', open: false, body: '"next"' })
      await open().put(next)
      await rejects(open().put(row({ rev: 1, body: '"late"' })), 'AgentRowChangedError')
      await rejects(open().put(row({ rev: 3, body: '"early"' })), 'AgentRowChangedError')
      await rejects(open().put(row({ id: 'b', rev: 1 })), 'AgentRowChangedError')
      same(await open().get('intent', 'a'), next, 'the row')
      same(await open().get('intent', 'b'), undefined, 'a row that was never added')
    },
  },
  {
    name: 'of many writers at once, exactly one wins each revision',
    async run(open) {
      const wins = async (rev: number) => {
        const attempts = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => open().put(row({ rev, body: `"${index}"` }))))
        const lost = attempts.filter((one) => one.status === 'rejected')
        same(lost.map(({ reason }) => (reason as Error).name).join(), Array(7).fill('AgentRowChangedError').join(), `what the others got at revision ${rev}`)
      }
      await wins(0)
      await wins(1)
      await wins(2)
    },
  },
  {
    name: 'finds by kind, group and what is open, by id, page by page',
    async run(open) {
      const rows = [
        row({ id: 'a', group: 'one', open: true }),
        row({ id: 'b', group: 'two', open: true }),
        row({ id: 'B', group: 'one', open: false }),
        row({ id: 'c', group: 'one', open: true }),
        row({ kind: 'session', id: 'a', group: 'one', open: true }),
      ]
      // Not in their order.
      for (const one of [...rows].reverse()) await open().put(one)
      const ids = async (query?: Parameters<AgentStore['list']>[1]) => (await open().list('intent', query)).map(({ id }) => id).join('')
      same(await ids(), 'Babc', 'all')
      same(await ids({ group: 'one' }), 'Bac', 'of a group')
      same(await ids({ open: true }), 'abc', 'the open ones')
      same(await ids({ open: false }), 'B', 'the others')
      same(await ids({ group: 'one', open: true }), 'ac', 'the open ones of a group')
      same(await ids({ limit: 2 }), 'Ba', 'the first two')
      same(await ids({ after: 'a', limit: 2 }), 'bc', 'those after one')
      same(await ids({ after: 'a', group: 'one' }), 'c', 'those of a group after one')
      same(await ids({ after: 'c' }), '', 'after the last')
      same((await open().list('session')).map(({ id }) => id).join(''), 'a', 'of another kind')
    },
  },
  {
    name: 'finds a row by what it was changed to',
    async run(open) {
      await open().put(row({ group: 'one', open: true }))
      await open().put(row({ rev: 1, group: 'one', open: false }))
      same((await open().list('intent', { open: true })).length, 0, 'the number of open rows')
      same((await open().list('intent', { group: 'one', open: false })).length, 1, 'the number of others')
    },
  },
]

function row(given: Partial<AgentRow>): AgentRow {
  return { kind: 'intent', id: 'a', rev: 0, group: 'one', open: true, body: '{}', ...given }
}

function same(found: unknown, expected: unknown, what: string): void {
  const text = (value: unknown) => JSON.stringify(value, typeof value === 'object' && value !== null ? Object.keys(value).sort() : undefined)
  if (text(found) !== text(expected)) throw new Error(`${what}: expected ${text(expected)}, found ${text(found)}`)
}

async function rejects(work: Promise<unknown>, name: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: Error) => reason,
  )
  if (error?.name !== name) throw new Error(`expected ${name}, got ${error ? error.name : 'no error'}`)
}
