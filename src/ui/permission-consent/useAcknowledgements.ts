'use client'
import { useState } from 'react'
import type { PermissionMetadata } from '../../permissions/metadata.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { risksOf, type Risk } from '../../permissions/risks.js'

/** Risks that the user has to tick as read; none where there is none. */
export type Acknowledgement = { risks: readonly Risk[]; ticked: boolean; tick: (ticked: boolean) => void }

export type Acknowledgements = {
  /** Of one permission, by its place in the request. */
  of: (permission: number) => Acknowledgement
  /** Of the session as a whole. */
  session: Acknowledgement
  /** How many are not ticked. */
  missing: number
}

/** One tick for each permission that is risky, and one for a session that is. A tick is for just these risks: others need another. */
export function useAcknowledgements({
  allowed,
  expiry,
  now,
  metadata,
  content,
}: {
  allowed: readonly (Permission | undefined)[]
  expiry: UnixSeconds
  now: UnixSeconds
  metadata: PermissionMetadata
  /** Names the request. */
  content: string
}): Acknowledgements {
  const [ticks, setTicks] = useState<readonly string[]>([])
  const acknowledgement = (name: string, risks: readonly Risk[]): Acknowledgement => {
    const key = [content, name, ...risks.map(({ kind, contract, signature }) => `${kind} ${contract} ${signature}`)].join()
    return { risks, ticked: ticks.includes(key), tick: (ticked) => setTicks([...ticks.filter((other) => other !== key), ...(ticked ? [key] : [])]) }
  }
  const ofPermissions = allowed.map((permission, index) =>
    acknowledgement(String(index), permission ? risksOf({ permissions: [permission], expiry: now, now, metadata }).map((risk) => ({ ...risk, permission: index })) : []),
  )
  const session = acknowledgement('session', allowed.length > 0 ? risksOf({ permissions: [], expiry, now, metadata }) : [])
  return {
    of: (permission) => ofPermissions[permission] ?? session,
    session,
    missing: [...ofPermissions, session].filter(({ risks, ticked }) => risks.length > 0 && !ticked).length,
  }
}
