import type { RelayJournal, RelayJournalEntry } from 'react-session-keys/server'
import { query } from './database.js'

export const table = 'create table relay_journal (id text primary key, entry text not null)'

export const journal: RelayJournal = {
  async write(entry) {
    await query('insert into relay_journal values ($1, $2) on conflict (id) do update set entry = $2', [entry.id, JSON.stringify(entry)])
  },
  async erase(id) {
    await query('delete from relay_journal where id = $1', [id])
  },
  async read() {
    const { rows } = await query('select entry from relay_journal', [])
    return rows.map(({ entry }) => JSON.parse(entry as string) as RelayJournalEntry)
  },
}
