'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import { observeSessionKeys, type SessionKeyEvent } from '../../actions/observeSessionKeys.js'
import { createEventLog, type EventLog } from './createEventLog.js'

const limit = 200

/** Writes down what happens while the component is mounted. It reads nothing, asks nobody and renders nothing. */
export function useEventLog(config: SessionKeyConfig): EventLog {
  const [log] = useState(() => createEventLog({ limit }))
  useEffect(() => observeSessionKeys(config, { onEvent: log.add }), [config, log])
  return log
}

/** What was written down so far. */
export function useEvents({ subscribe, events }: EventLog): readonly SessionKeyEvent[] {
  return useSyncExternalStore(subscribe, events, none)
}

const nothing: readonly SessionKeyEvent[] = []
const none = () => nothing
