import { custom, type EIP1193RequestFn, type Transport } from 'viem'
import type { Database, DatabaseQuery } from '../../src/server/automation/index.js'

/** A process that stops existing between two steps: what it was about to do is not done, and it never hears of anything again. */
export function mortal() {
  let left = Number.POSITIVE_INFINITY
  let steps = 0
  let isDead = false
  const never = new Promise<never>(() => undefined)
  const death = new Error('It died.')

  /** Whether the process gets to take this step. */
  function lives(): boolean {
    if (isDead) return false
    steps += 1
    isDead = steps > left
    return !isDead
  }

  return {
    /** From here on it takes so many steps. */
    giveSteps(count: number) {
      steps = 0
      left = count
    },
    isDead: () => isDead,
    database(database: Database): Database {
      return {
        ...database,
        query: (text, values) => (lives() ? database.query(text, values) : never),
        async transaction(work) {
          if (!lives()) return never
          const mortalWork = (query: DatabaseQuery) =>
            work((text, values) => {
              // Its connection breaks, and the database undoes what was not committed.
              if (!lives()) throw death
              return query(text, values)
            })
          // Before the commit it may die too.
          return database.transaction(async (query) => {
            const result = await mortalWork(query)
            if (!lives()) throw death
            return result
          }).catch((error: unknown) => (error === death ? never : Promise.reject(error as Error)))
        },
      }
    },
    transport(transport: Transport): Transport {
      return (parameters) => {
        const node = transport(parameters)
        const request = ((call: { method: string }) => (lives() ? node.request(call as never) : never)) as EIP1193RequestFn
        return custom({ request }, { retryCount: 0 })(parameters)
      }
    },
  }
}
