import type { Session } from '../sessions/session.js'
import { getConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'

export type WatchSessionKeysParameters = { onChange: (sessions: readonly Session[]) => void }

/**
 * Calls back with the connected account's sessions, newest first, whenever one changes, here or in another tab, and when another
 * account connects. All that have not ended are among them, and the newest of those that have.
 */
export function watchSessionKeys(config: SessionKeyConfig, { onChange }: WatchSessionKeysParameters): () => void {
  let last: readonly Session[] | undefined
  let account = getConnection(config)?.account

  function tell() {
    const { loaded, sessions } = account ? config.sessions.ofAccount(account) : noSessions
    if (!loaded || sessions === last) return
    last = sessions
    onChange(sessions)
  }
  async function look() {
    account = getConnection(config)?.account
    if (account) await config.sessions.load(account)
    tell()
  }

  const stops = [config.sessions.watch(tell), config.wagmi.subscribe(() => getConnection(config)?.account, () => void look())]
  void look()
  return () => stops.forEach((stop) => stop())
}

const noSessions = { loaded: true, sessions: [] as readonly Session[] }
