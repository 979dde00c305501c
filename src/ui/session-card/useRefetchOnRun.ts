'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { ServerRun } from '../../sessions/activityWire.js'
import type { SessionId } from '../../sessions/session.js'

/** Reads again what is left, once the server has told of something that it did. */
export function useRefetchOnRun(id: SessionId | undefined, runs: readonly ServerRun[]): void {
  const client = useQueryClient()
  const newest = runs.find(({ status }) => status === 'done')?.id
  const known = useRef(newest)
  useEffect(() => {
    const before = known.current
    known.current = newest
    if (id !== undefined && before !== newest) void client.invalidateQueries({ queryKey: ['permissionUsage', id] })
  }, [client, id, newest])
}
