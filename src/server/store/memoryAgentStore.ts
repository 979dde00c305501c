import { AgentRowChangedError, type AgentRow, type AgentRowKind, type AgentStore } from './agentStore.js'

/** Keeps everything as long as the process lives: for tests, and for a server whose grants are as short as it. */
export function createMemoryAgentStore(): AgentStore {
  const kinds = new Map<AgentRowKind, Map<string, AgentRow>>()

  function rowsOf(kind: AgentRowKind): Map<string, AgentRow> {
    const rows = kinds.get(kind) ?? new Map<string, AgentRow>()
    kinds.set(kind, rows)
    return rows
  }

  return {
    persistence: 'memory',
    get: async (kind, id) => rowsOf(kind).get(id),
    async put(row) {
      const rows = rowsOf(row.kind)
      if ((rows.get(row.id)?.rev ?? -1) !== row.rev - 1) throw new AgentRowChangedError(row)
      rows.set(row.id, { ...row })
    },
    async list(kind, { group, open, after, limit } = {}) {
      const found = [...rowsOf(kind).values()].filter(
        (row) => (group === undefined || row.group === group) && (open === undefined || row.open === open) && (after === undefined || row.id > after),
      )
      return found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit)
    },
  }
}
