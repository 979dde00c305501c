'use client'
import { useState } from 'react'
import { useRevokePermissions } from '../../react/useRevokePermissions.js'
import type { ConfigParameter } from '../../react/useSessionKeyConfig.js'
import type { SessionId } from '../../sessions/session.js'

export type EndPhase = 'idle' | 'confirming' | 'ending'

export type UseEndSessionReturnType = {
  phase: EndPhase
  /** Why the last attempt failed. */
  error: Error | undefined
  /** The first press: asks for confirmation. */
  ask: () => void
  keep: () => void
  /** The second press: asks the wallet, and waits for the chain. */
  end: () => void
}

/** Ending a session in two steps, so that nobody ends one by a slip. */
export function useEndSession({ id, ...parameters }: ConfigParameter & { id: SessionId | undefined }): UseEndSessionReturnType {
  const [asking, setAsking] = useState(false)
  const { mutate, reset, isPending, error } = useRevokePermissions(parameters)
  return {
    phase: isPending ? 'ending' : asking ? 'confirming' : 'idle',
    error: error ?? undefined,
    ask() {
      reset()
      setAsking(true)
    },
    keep: () => setAsking(false),
    end() {
      if (id === undefined || isPending) return
      setAsking(false)
      mutate({ id })
    },
  }
}
