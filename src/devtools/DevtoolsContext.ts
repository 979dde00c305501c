'use client'
import { createContext, useContext } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import type { PermissionMetadata } from '../permissions/metadata.js'
import type { EventLog } from './events/createEventLog.js'

export type Devtools = {
  config: SessionKeyConfig
  log: EventLog
  metadata: PermissionMetadata | undefined
  timeZone: string | undefined
}

export const DevtoolsContext = createContext<Devtools | undefined>(undefined)

export function useDevtools(): Devtools {
  const devtools = useContext(DevtoolsContext)
  if (!devtools) throw new Error('This part stands outside of SessionKeyDevtools.')
  return devtools
}
