import type { Session } from '../sessions/session.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'

export type WatchSessionKeysParameters = { onChange: (sessions: readonly Session[]) => void }

/** Calls back with all stored sessions, newest first, whenever one changes, here or in another tab. */
export function watchSessionKeys(config: SessionKeyConfig, { onChange }: WatchSessionKeysParameters): () => void {
  let last: readonly Session[] | undefined
  return config.sessions.subscribe(() => {
    const { loaded, sessions } = config.sessions.getState()
    if (!loaded || sessions === last) return
    last = sessions
    onChange(sessions)
  })
}
