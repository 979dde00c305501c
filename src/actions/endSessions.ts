import { isDelegated } from '../delegation/grantedPermission.js'
import { sessionLock, withFreeLock } from '../sessions/locks.js'
import type { Session } from '../sessions/session.js'
import { tombstoneOf } from '../sessions/tombstone.js'
import { getConnection, requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { NotConnectedError } from './configErrors.js'
import { SessionBusyError } from './errors.js'
import { getOpenSessionsOf } from './requireSession.js'
import { revokeSession } from './revokeSession.js'
import { revokeTogether, type RevokeOutcome } from './revokeTogether.js'

export type EndSessionsParameters = {
  /**
   * `lock`: nothing acts until the account connects again · `revoke`: ends the grants on-chain and deletes the keys · `forget`: deletes
   * the keys and what is stored; the grants live on, and nobody can use them. Default `revoke`.
   */
  mode?: 'lock' | 'revoke' | 'forget' | undefined
  /** Default: the chain that the wallet is on. */
  chainId?: number | undefined
  /** How long to wait for the chain to show a revocation. Default 60 000. */
  timeoutMs?: number | undefined
}

export type EndSessionsReturnType = {
  /** Revoked, or forgotten. */
  ended: readonly Session[]
  /** What could not be ended, and why; each is as it was, and its key is kept. */
  failures: readonly { session: Session; error: Error }[]
  /** Sessions whose grants may still be used on-chain, or exist unused: all of them with `lock` and `forget`. */
  alive: readonly Session[]
}

export type EndSessionsErrorType = NotConnectedError

/**
 * Ends all sessions of the connected account on a chain: for logging out. Resolves before anything has to be disconnected, so call
 * wagmi's `disconnect` afterwards. Disconnecting alone leaves sessions as they are; nobody can use them until the account connects again.
 *
 * Where the wallet can, all grants are revoked in one atomic transaction.
 */
export async function endSessions(config: SessionKeyConfig, parameters: EndSessionsParameters = {}): Promise<EndSessionsReturnType> {
  const { account, chainId: connected } = requireConnection(config)
  const { mode = 'revoke', chainId = connected, timeoutMs = 60_000 } = parameters
  const open = await getOpenSessionsOf(config, { account, chainId })
  switch (mode) {
    case 'lock':
      lock(config)
      return { ended: [], failures: [], alive: open }
    case 'forget':
      return forget(config, open)
    case 'revoke':
      return revoke(config, open, Date.now() + timeoutMs)
    default:
      return mode satisfies never
  }
}

/** Until the account is connected anew. */
function lock(config: SessionKeyConfig): void {
  const { account } = requireConnection(config)
  config.sessions.lock(account)
  let left = false
  const stop = config.wagmi.subscribe(
    () => getConnection(config)?.account,
    (now) => {
      if (now !== account) left = true
      else if (left) {
        stop()
        config.sessions.unlock(account)
      }
    },
  )
}

async function forget(config: SessionKeyConfig, open: readonly Session[]): Promise<EndSessionsReturnType> {
  const outcomes = await Promise.all(open.map(({ id }) => attempt(() => forgetOne(config, id))))
  return sorted(open, outcomes, { alive: open })
}

async function forgetOne(config: SessionKeyConfig, id: string): Promise<Session> {
  const forgotten = await withFreeLock(sessionLock(id), async () => {
    const session = await config.sessions.get(id)
    return session && config.sessions.transition(session, 'purged', tombstoneOf(session))
  })
  if (!forgotten) throw new SessionBusyError({ id })
  return forgotten
}

async function revoke(config: SessionKeyConfig, open: readonly Session[], deadline: number): Promise<EndSessionsReturnType> {
  const known = new Map<string, RevokeOutcome>()
  const together = open.filter(({ granted }) => granted.length > 0 && granted.every(isDelegated))
  if (together.length > 1) for (const [id, outcome] of await revokeTogether(config, together, deadline)) known.set(id, outcome)
  const outcomes: RevokeOutcome[] = []
  // One after the other: each may be a prompt.
  for (const session of open) {
    outcomes.push(known.get(session.id) ?? (await attempt(async () => (await revokeSession(config, session, { deadline })).session)))
  }
  const alive = open.filter((_, index) => 'error' in (outcomes[index] as RevokeOutcome))
  return sorted(open, outcomes, { alive })
}

async function attempt(work: () => Promise<Session>): Promise<RevokeOutcome> {
  try {
    return { session: await work() }
  } catch (error) {
    return { error: error as Error }
  }
}

function sorted(open: readonly Session[], outcomes: readonly RevokeOutcome[], { alive }: Pick<EndSessionsReturnType, 'alive'>): EndSessionsReturnType {
  return {
    ended: outcomes.flatMap((outcome) => ('session' in outcome ? [outcome.session] : [])),
    failures: open.flatMap((session, index) => {
      const outcome = outcomes[index]
      return outcome && 'error' in outcome ? [{ session, error: outcome.error }] : []
    }),
    alive,
  }
}
