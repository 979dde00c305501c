'use client'
import { useEffect, useState } from 'react'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import type { Session } from '../../sessions/session.js'

const most = 200

/** Everything that is stored, of every account: read when it is asked for, and again when something has changed. */
export function useStoredSessions(config: SessionKeyConfig, { enabled, changes: [sessions, events] }: { enabled: boolean; changes: readonly [sessions: unknown, events: unknown] }): readonly Session[] | undefined {
  const [stored, setStored] = useState<readonly Session[]>()
  useEffect(() => {
    if (!enabled) return
    let stopped = false
    config.sessions
      .find({ limit: most })
      // Where there is no storage there are no sessions to show.
      .catch(() => [])
      .then((found) => {
        if (!stopped) setStored(found)
      })
    return () => {
      stopped = true
    }
  }, [config, enabled, sessions, events])
  return enabled ? stored : undefined
}
