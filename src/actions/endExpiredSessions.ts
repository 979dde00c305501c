import { getBlock } from 'viem/actions'
import type { UnixSeconds } from '../permissions/permission.js'
import { sessionLock, withFreeLock } from '../sessions/locks.js'
import { endOf, type Session } from '../sessions/session.js'
import { openStatuses } from '../sessions/status.js'
import { tombstoneOf } from '../sessions/tombstone.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'

/**
 * Ends what is over by the chain's time and by this device's: one that is wrong, or lies, loses nobody a key. What ended long ago
 * becomes a tombstone.
 */
export async function endExpiredSessions(config: SessionKeyConfig): Promise<void> {
  const deviceTime = Math.floor(Date.now() / 1_000)
  const due = await config.sessions.find({ statuses: [...openStatuses, 'revoked'], expiresBefore: deviceTime - marginSeconds })
  const over = due.filter((session) => endOf(session) < deviceTime - marginSeconds && (session.status !== 'revoked' || session.revocation?.elsewhere))
  const chainTimeOf = new Map<number, Promise<UnixSeconds | undefined>>()
  for (const session of over.slice(0, mostAtOnce)) {
    const { chainId } = session
    const known = chainTimeOf.get(chainId) ?? readChainTime(config, chainId)
    chainTimeOf.set(chainId, known)
    const chainTime = await known
    if (chainTime !== undefined && endOf(session) < chainTime - marginSeconds) await end(config, session)
  }
  const longOver = await config.sessions.find({ statuses: ['rejected', 'revoked', 'expired'], expiresBefore: deviceTime - keptSeconds })
  for (const session of longOver.slice(0, mostAtOnce)) {
    if (!session.revocation?.elsewhere) await config.sessions.transition(session, 'purged', tombstoneOf(session)).catch(() => undefined)
  }
}

async function end(config: SessionKeyConfig, { id }: Session): Promise<void> {
  await withFreeLock(sessionLock(id), async () => {
    const session = await config.sessions.get(id)
    if (!session) return
    if (session.status === 'revoked') await config.sessions.transition(session, 'purged', tombstoneOf(session))
    const asked = session.status === 'requested' ? await config.sessions.transition(session, 'unknown') : session
    if (openStatuses.includes(asked.status)) await config.sessions.transition(asked, 'expired')
  }).catch(() => undefined)
}

async function readChainTime(config: SessionKeyConfig, chainId: number): Promise<UnixSeconds | undefined> {
  try {
    const { timestamp } = await getBlock(getChainClient(config, chainId), { includeTransactions: false })
    config.sessions.noteChainTime(chainId, Number(timestamp))
    return Number(timestamp)
  } catch {
    return undefined
  }
}

/** Blocks can be taken back, and clocks are seldom right to the second. */
const marginSeconds = 120
const keptSeconds = 30 * 86_400
/** A page that opens has other things to do as well. */
const mostAtOnce = 200
