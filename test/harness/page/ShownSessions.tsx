import { useSessionKey, useSessionKeys } from 'react-session-keys'
import type { Session } from 'react-session-keys/actions'
import { useEffect } from 'react'

/** What the hooks said in the last render that was committed. */
export type Shown = {
  list: readonly Session[]
  hook: { status: string; id: string | undefined; rev: number | undefined }
  /** How often anything that shows a session was rendered. */
  renders: number
}

export function createShown(): Shown {
  return { list: [], hook: { status: 'hydrating', id: undefined, rev: undefined }, renders: 0 }
}

/** Notes what the user would see, instead of showing it. */
export function ShownSessions({ shown }: { shown: Shown }): null {
  const { sessions } = useSessionKeys()
  const { status, id, session } = useSessionKey({ session: 'storm' })
  useEffect(() => {
    Object.assign(shown, { list: sessions, hook: { status, id, rev: session?.rev } } satisfies Partial<Shown>)
  })
  return null
}
