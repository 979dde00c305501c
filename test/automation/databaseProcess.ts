/** A process that uses a database, and says line by line what it has done. */
import { writeSync } from 'node:fs'
import { AgentRowChangedError, type AgentStore } from '../../src/server/index.js'
import { lockFolder } from '../../src/server/automation/folderLock.js'
import { createDatabaseStore, openDatabase, type Database } from '../../src/server/automation/index.js'

export type DatabaseOrder = {
  url: string
  /**
   * `hold` opens it, until standard input ends · `lock` keeps others out of its folder only · `write` adds one row after another, and two in a transaction, until it is killed · `count` adds
   * one to each of some rows as often as it is told, against others that do the same.
   */
  work: 'hold' | 'lock' | 'write' | 'count'
  times?: number
}

const order = JSON.parse(process.env['ORDER'] ?? '') as DatabaseOrder

/** At once: a process that is killed has said it, or has not. */
function say(line: string) {
  writeSync(1, `${line}\n`)
}

async function hold() {
  await new Promise((resolve) => process.stdin.once('close', resolve).resume())
}

async function write(database: Database) {
  const store = createDatabaseStore(database)
  await database.query('create table if not exists pairs (id text)')
  for (let index = 0; ; index += 1) {
    const id = `${process.pid}-${String(index).padStart(6, '0')}`
    await store.put({ kind: 'intent', id, rev: 0, group: 'x', open: true, body: JSON.stringify('a'.repeat(index % 4_000)) })
    say(`row ${id}`)
    await database.transaction(async (query) => {
      await query('insert into pairs values ($1)', [id])
      await query('insert into pairs values ($1)', [id])
    })
    say(`pair ${id}`)
  }
}

async function count(store: AgentStore) {
  for (let time = 0; time < (order.times ?? 0); time += 1) {
    const id = `counter ${time % 3}`
    for (let done = false; !done; ) {
      const row = await store.get('intent', id)
      const next = { kind: 'intent', id, rev: row ? row.rev + 1 : 0, group: 'x', open: true, body: String(Number(row?.body ?? 0) + 1) } as const
      done = await store.put(next).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AgentRowChangedError) return false
          throw error
        },
      )
    }
  }
}

try {
  if (order.work === 'lock') {
    await lockFolder(order.url)
    say('locked')
    await hold()
  }
  const database = await openDatabase(order.url)
  say('open')
  if (order.work === 'hold') await hold()
  if (order.work === 'write') await write(database)
  if (order.work === 'count') await count(createDatabaseStore(database))
  await database.close()
  say('closed')
} catch (error) {
  const { name, message } = error as Error
  say(`error ${name} ${'pid' in (error as object) ? String((error as { pid: unknown }).pid) : ''} ${message.split('\n')[0]}`)
}
