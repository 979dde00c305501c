import { isAddressEqual } from 'viem'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { GrantAnswer, ListedGrant } from '../dialects/dialect.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { sessionLock, withFreeLock } from '../sessions/locks.js'
import type { Session } from '../sessions/session.js'
import { settleAnswer, settleListed } from '../sessions/settleAnswer.js'
import { unconfirmedStatuses } from '../sessions/status.js'
import { dialectById, getConnectedWallet, getGrantingWallet } from './connectedWallet.js'
import { getConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { endExpiredSessions } from './endExpiredSessions.js'
import { readSessionUsage } from './getPermissionUsage.js'
import { noteUsage } from './noteUsage.js'

export type ReconcileSessionsReturnType = {
  /** The connected account's sessions whose state changed. */
  settled: readonly Session[]
  /** Those of which it is still not known whether the wallet granted. Their keys are kept. */
  unconfirmed: readonly Session[]
}

/**
 * Finds out what became of sessions that a crash, a closed tab or a lost answer left open: asks the wallet what it granted, and the
 * chain what was revoked and what has expired. Prompts nobody. Sessions that another tab is busy with are left to it. The provider
 * does this when an account connects.
 *
 * @see ERC-7715 `wallet_getGrantedExecutionPermissions`
 */
export async function reconcileSessions(config: SessionKeyConfig): Promise<ReconcileSessionsReturnType> {
  await endExpiredSessions(config)
  const connection = getConnection(config)
  if (!connection) return { settled: [], unconfirmed: [] }
  const { account, chainId } = connection
  const stored = await config.sessions.find({ account, statuses: [...unconfirmedStatuses, 'revoking', 'revoked'] })
  const open = stored.filter((session) => session.chainId === chainId && (session.status !== 'revoked' || session.revocation?.elsewhere))
  const listed = onceAsked(() => askForList(config))
  const results: Session[] = []
  for (const session of open) results.push((await settleOne(config, session, listed)) ?? session)
  return {
    settled: results.filter((session, index) => session.status !== open[index]?.status),
    unconfirmed: results.filter(({ status }) => unconfirmedStatuses.includes(status)),
  }
}

type ListOfWallet = () => Promise<readonly ListedGrant[] | undefined>

/** What it became; undefined where somebody else is busy with it. */
async function settleOne(config: SessionKeyConfig, { id }: Session, listed: ListOfWallet): Promise<Session | undefined> {
  return withFreeLock(sessionLock(id), async () => {
    const session = await config.sessions.get(id)
    if (!session) return undefined
    try {
      switch (session.status) {
        case 'requested': {
          const problem = 'the page was closed while the wallet was asked'
          return await settleUnknown(config, await config.sessions.transition(session, 'unknown', { problem }), listed)
        }
        case 'granted':
          return await settleGranted(config, session, listed)
        case 'unknown':
          return await settleUnknown(config, session, listed)
        case 'revoking':
          return await settleRevoking(config, session)
        case 'revoked':
          return await noteUsage(config, session, await readSessionUsage(config, session))
        default:
          return session
      }
    } catch {
      // A wallet or a chain that does not answer says nothing; the session stays as it is, and its key with it.
      return config.sessions.get(id)
    }
  })
}

async function settleGranted(config: SessionKeyConfig, session: Session, listed: ListOfWallet): Promise<Session> {
  const { answer } = session
  if (answer === undefined) return settleUnknown(config, await config.sessions.transition(session, 'unknown', { problem: 'its answer was too long to keep' }), listed)
  try {
    const dialect = dialectById(config, session.dialect)
    const stillOn = dialect.namesChain ? undefined : () => Promise.reject(new Error('the page was closed before the wallet said which account it is for'))
    return (await settleAnswer(config.sessions, { session, dialect, answer: JSON.parse(answer) as unknown, stillOn })).session
  } catch {
    const unread = await config.sessions.get(session.id)
    return unread?.status === 'unknown' ? settleUnknown(config, unread, listed) : session
  }
}

async function settleUnknown(config: SessionKeyConfig, session: Session, listed: ListOfWallet): Promise<Session> {
  const said = answerIn((await listed()) ?? [], session)
  if (!said) return session
  // What no signed permission says is believed of the wallet that was asked, and of no other that shows the same address.
  if (!said.granted.every(isDelegated) && (await getGrantingWallet(config, session)).dialect !== (await getConnectedWallet(config)).dialect) return session
  return (await settleListed(config.sessions, { session, said })).session
}

/** Ours was sent: what counts is whether the chain shows it. Not shown, it may still come, so nothing is taken back. */
async function settleRevoking(config: SessionKeyConfig, session: Session): Promise<Session> {
  const { permissions, counted, asOf } = await readSessionUsage(config, session)
  const ended = counted && permissions.length > 0 && permissions.every(({ disabled }) => disabled)
  return ended ? config.sessions.transition(session, 'revoked', { revocation: { ...session.revocation, blockNumber: asOf.blockNumber } }) : session
}

async function askForList(config: SessionKeyConfig): Promise<readonly ListedGrant[] | undefined> {
  const { dialect, abilities, provider, account, chainId } = await getConnectedWallet(config)
  if (!dialect.list || !abilities.list) return undefined
  return dialect.list.decode(await sendToWallet(provider, dialect.list.encode({ account, chainId }), dialect))
}

/** The rows of a wallet's list that are about one session, as the answer they amount to. */
function answerIn(rows: readonly ListedGrant[], { address, account, chainId, asked }: Session): GrantAnswer | undefined {
  const mine = rows.filter(({ delegate, chainId: on }) => delegate !== undefined && isAddressEqual(delegate, address) && (on ?? chainId) === chainId)
  const [first] = mine
  if (!first) return undefined
  const granted = mine.flatMap((row) => row.granted)
  if (mine.some(({ expiry }) => expiry === undefined) && !granted.every(isDelegated)) return undefined
  // What does not say when it ends is believed only where the signed permission says it, and is compared with that.
  const ends = mine.map(({ expiry }) => expiry ?? asked.expiry)
  return {
    account: mine.map(({ account: granter }) => granter).find((granter) => granter !== undefined && !isAddressEqual(granter, account)) ?? first.account,
    delegate: address,
    granted,
    // 0 is no end at all.
    expiry: ends.includes(0) ? 0 : Math.max(...ends),
    handle: first.handle,
    problem: mine.map(({ problem }) => problem).find((problem) => problem !== undefined),
  }
}

function onceAsked<answer>(ask: () => Promise<answer>): () => Promise<answer> {
  let asked: Promise<answer> | undefined
  return () => (asked ??= ask())
}
