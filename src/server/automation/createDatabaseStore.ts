import { AgentRowChangedError, type AgentRow, type AgentStore } from '../store/agentStore.js'
import type { Database } from './database.js'
import { migrated } from './migrate.js'

/** Keeps what a server has in the table `session_keys.rows`, which it makes when it is first used. Any number of them, in any number of processes. */
export function createDatabaseStore(database: Database): AgentStore {
  async function rows(text: string, values: readonly unknown[]): Promise<AgentRow[]> {
    await migrated(database)
    return (await database.query(text, values)).rows as AgentRow[]
  }

  return {
    persistence: database.persistence,
    async get(kind, id) {
      return (await rows(`select ${columns} from session_keys.rows where kind = $1 and id = $2`, [kind, id]))[0]
    },
    async put({ kind, id, rev, group, open, body }) {
      const written = await rows(rev === 0 ? insert : replace, [kind, id, rev, group, open, body])
      if (written.length === 0) throw new AgentRowChangedError({ kind, id })
    },
    async list(kind, { group, open, after, limit } = {}) {
      // Only the conditions that there are, so that the database sees which of its indexes serves them.
      const values: unknown[] = [kind]
      const given = (value: unknown) => `$${values.push(value)}`
      const conditions = [
        'kind = $1',
        ...(group === undefined ? [] : [`grp = ${given(group)}`]),
        ...(open === undefined ? [] : [open ? 'open' : 'not open']),
        ...(after === undefined ? [] : [`id > ${given(after)}`]),
      ]
      return rows(`select ${columns} from session_keys.rows where ${conditions.join(' and ')} order by id${limit === undefined ? '' : ` limit ${given(limit)}`}`, values)
    },
  }
}

const columns = 'kind, id, rev, grp as "group", open, body'

const insert = 'insert into session_keys.rows (kind, id, rev, grp, open, body) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id'

/** Of several at once the database lets one through, and shows the others what it wrote. */
const replace = 'update session_keys.rows set rev = $3, grp = $4, open = $5, body = $6 where kind = $1 and id = $2 and rev = $3 - 1 returning id'
