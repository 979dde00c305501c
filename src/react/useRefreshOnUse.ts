'use client'
import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { GetPermissionUsageReturnType } from '../actions/permissionUsage.js'
import type { SessionId } from '../sessions/session.js'

/** What the query says, when this is left of the session. */
type Answer<data> = (usage: GetPermissionUsageReturnType) => data | Promise<data>

/** Brings a query up to date when its session has acted: by the receipt, where that says what is left, and by asking again otherwise. */
export function useRefreshOnUse<data>(config: SessionKeyConfig, id: SessionId | undefined, queryKey: QueryKey, answer: Answer<data>): void {
  const client = useQueryClient()
  const latest = useRef({ queryKey, answer })
  useEffect(() => void (latest.current = { queryKey, answer }))
  useEffect(() => {
    if (id === undefined) return
    async function refresh(): Promise<void> {
      const { queryKey, answer } = latest.current
      const left = () => config.usage.byReceipt(id as SessionId)
      const usage = left()
      // Also what nobody looks at now: it is asked for when somebody does.
      void client.invalidateQueries({ queryKey: queryKey.slice(0, 2), refetchType: 'none' })
      if (!usage) return client.invalidateQueries({ queryKey })
      // An answer on its way is older than the receipt.
      await client.cancelQueries({ queryKey })
      const data = await answer(usage)
      if (left() === usage) client.setQueryData(queryKey, data)
      // Where it acted again meanwhile, that brings it up to date.
      else if (!left()) await client.invalidateQueries({ queryKey })
    }
    return config.sessions.onUse((used) => {
      if (used === id) refresh().catch(() => client.invalidateQueries({ queryKey: latest.current.queryKey }))
    })
  }, [client, config, id])
}
