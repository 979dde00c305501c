import { AgentRowChangedError, type AgentRow, type AgentStore } from 'react-session-keys/server'

/** As much of a Postgres client as it takes: `pg`, `postgres` and PGlite have it, by this name or another. */
type Query = (text: string, values: readonly unknown[]) => Promise<{ rows: unknown[] }>

export const table = `create table session_rows (
  kind text, id text collate "C", rev integer not null, grp text not null, open boolean not null, body text not null, primary key (kind, id)
)`

const columns = 'kind, id, rev, grp as "group", open, body'

export function postgresStore(query: Query): AgentStore {
  return {
    persistence: 'durable',
    async get(kind, id) {
      const { rows } = await query(`select ${columns} from session_rows where kind = $1 and id = $2`, [kind, id])
      return rows[0] as AgentRow | undefined
    },
    async put({ kind, id, rev, group, open, body }) {
      const values = [kind, id, rev, group, open, body]
      const { rows } =
        rev === 0
          ? await query('insert into session_rows values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1', values)
          : await query('update session_rows set rev = $3, grp = $4, open = $5, body = $6 where kind = $1 and id = $2 and rev = $3 - 1 returning 1', values)
      if (rows.length === 0) throw new AgentRowChangedError({ kind, id })
    },
    async list(kind, { group, open, after, limit } = {}) {
      const { rows } = await query(
        `select ${columns} from session_rows where kind = $1 and ($2::text is null or grp = $2) and ($3::boolean is null or open = $3)
         and ($4::text is null or id > $4) order by id limit $5`,
        [kind, group ?? null, open ?? null, after ?? null, limit ?? null],
      )
      return rows as AgentRow[]
    },
  }
}
