'use client'
import { useSyncExternalStore } from 'react'
import type { Session } from '../sessions/session.js'
import { useSessionKeyConfig, type ConfigParameter } from './useSessionKeyConfig.js'

const none: readonly Session[] = []

/** Every stored session of this origin, newest first; empty while the store is read. */
export function useSessionKeys(parameters: ConfigParameter = {}): readonly Session[] {
  const { sessions } = useSessionKeyConfig(parameters)
  return useSyncExternalStore(
    sessions.subscribe,
    () => sessions.getState().sessions,
    () => none,
  )
}
