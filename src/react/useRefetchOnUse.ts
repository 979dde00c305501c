'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { SessionId } from '../sessions/session.js'

/** Reads again what a session's own action has changed. */
export function useRefetchOnUse(config: SessionKeyConfig, id: SessionId | undefined, name: 'permissionUsage' | 'checkCalls'): void {
  const client = useQueryClient()
  useEffect(() => {
    if (id === undefined) return
    return config.sessions.onUse((used) => {
      if (used === id) void client.invalidateQueries({ queryKey: [name, id] })
    })
  }, [client, config, id, name])
}
