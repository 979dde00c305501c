'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { SessionStorageState } from '../sessions/sessionBook.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

/** Whether sessions outlive the page: `memory` where the browser keeps nothing, with the `problem` that showed it. */
export function useSessionStorage(parameters: ConfigParameter = {}): SessionStorageState {
  const { sessions } = useSessionKeyConfig(parameters)
  const getSnapshot = useCallback(() => sessions.storage(), [sessions])
  return useSyncExternalStore(sessions.watch, getSnapshot, getSnapshot)
}
