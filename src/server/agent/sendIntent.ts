import type { Client, Hash } from 'viem'
import { getBlock, getTransactionReceipt } from 'viem/actions'
import { actionOutcome } from '../../actions/actionOutcome.js'
import { getChainClient } from '../../actions/createSessionKeyConfig.js'
import { planSending } from '../../actions/planSending.js'
import { recordAction } from '../../actions/recordAction.js'
import type { EncodedCall } from '../../actions/sessionCalls.js'
import { typedError } from '../../actions/typedError.js'
import { isDelegated } from '../../delegation/grantedPermission.js'
import { SessionExpiredError, SessionRevokedError, SignedCallExpiredError } from '../../execution/errors.js'
import type { Lane, Outgoing } from '../../execution/lane.js'
import { redactContexts } from '../../execution/redactError.js'
import { redemptionsFor } from '../../execution/redemptions.js'
import { RelayOutcomeUnknownError } from '../../execution/relayErrors.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session } from '../../sessions/session.js'
import type { Server } from '../openServer.js'
import { AgentRowChangedError } from '../store/agentStore.js'
import type { Effect } from './effects.js'
import type { Endings } from './endings.js'
import { EffectMissingError, IntentTooLateError, SessionEndedError, type EndReason } from './errors.js'
import type { Intent, IntentState, StoredIntent } from './intent.js'
import { leavesOf, type Leaf } from './liveLeaves.js'
import { checkedAgain, done, happenedAnyway, settleIntent, type Settling } from './settleIntent.js'

export type AgentParts = Settling & { lane: Lane; endings: Endings }

export type IntentWanted = {
  session: Session
  id: string
  calls: readonly EncodedCall[]
  deadline: UnixSeconds | undefined
  effects: readonly Effect[]
}

/**
 * Has an intent happen, once. Whoever calls it holds the key. In this order: it is written down; what went out for it before is settled; the
 * chain is asked what is left, and whether the session still is; what goes out is written down before anybody hears of it.
 */
export async function sendIntent(parts: AgentParts, wanted: IntentWanted): Promise<StoredIntent> {
  const { server, intents, endings } = parts
  const { id, calls, deadline } = wanted
  const client = getChainClient(server, wanted.session.chainId)
  const known = await intents.get(wanted.session.id, id)
  // Of one that has ended nothing new is begun; what was begun is settled.
  const session = known ? wanted.session : await endings.require(wanted.session.id)
  let intent = await intents.open(session, id, calls)
  if (intent.state.status !== 'done') intent = await settleIntent(parts, intent, wanted.effects)
  if (intent.state.status === 'done') return confirmed(await checkedAgain(parts, intent, wanted.effects))

  const ready = await lookBefore(endings, wanted).catch((error: Error) => error)
  if (ready instanceof Error) {
    // What went out before may be what used it up, or have come to the chain just in time.
    const settled = await happenedAnyway(parts, intent, wanted.effects)
    if (!settled) throw ready
    return confirmed(settled)
  }
  const { session: live, usage } = ready
  const { timestamp: now, blockNumber } = usage.asOf
  const state: IntentState = intent.state.status === 'sent' ? intent.state : { status: 'written' }
  intent = await intents.save(intent, { deadline: deadline ?? deadlineOf(intent, now), fromBlock: intent.fromBlock ?? blockNumber, state })
  return confirmed(await attempt(parts, { ...wanted, session: live }, { client, intent, now, blockNumber }))
}

/** @throws {SessionEndedError} {@link IntentTooLateError} */
async function lookBefore(endings: Endings, { session: { id: session }, id, deadline }: IntentWanted): ReturnType<Endings['look']> {
  const seen = await endings.look(await endings.require(session))
  if (deadline !== undefined && deadline <= seen.usage.asOf.timestamp) throw new IntentTooLateError({ intent: id, deadline })
  return seen
}

type Attempt = { client: Client; intent: StoredIntent; now: UnixSeconds; blockNumber: bigint }

async function attempt(parts: AgentParts, wanted: IntentWanted, { client, intent: begun, now, blockNumber }: Attempt): Promise<StoredIntent> {
  const { server, lane, intents, endings } = parts
  const { session, calls, effects } = wanted
  const { chainId, granted } = session
  const record = recordAction(server, session, calls, actionId(begun))
  const before = leavesOf(begun)
  let intent = begun
  let wentOut = false
  const plan = await planSending(server, session, calls)
  const use = 'covers' in plan ? plan.use : undefined
  try {
    if ('error' in plan) throw plan.error
    const redemptions = redemptionsFor(granted.filter(isDelegated), calls, plan.covers)
    const signer = await server.keys.signer(session.address)
    const outgoing: Outgoing[] = [...before]
    const { receipt } = await lane.send({
      chainId,
      client,
      signer,
      redemptions,
      now,
      blockNumber,
      checked: plan.certain,
      once: { number: intent.number, deadline: intent.deadline as UnixSeconds },
      async onOutgoing(one) {
        // The same calls until the same deadline are the same leaf.
        if (one.by === 'key' || before.every(({ leafHash }) => leafHash !== one.leafHash)) outgoing.push(one)
        intent = await intents.save(intent, { state: { status: 'sent', outgoing: [...outgoing] } })
        wentOut = true
        record({ status: 'sent' })
      },
    })
    use?.happened(receipt.blockNumber)
    intent = await done(parts, intent, { receipt, effects })
  } catch (raw) {
    use?.failed()
    server.usage.forget(session.id)
    // Another process is at it: what there is of it now decides.
    if (raw instanceof AgentRowChangedError) throw raw
    const error = redactContexts(typedError(raw as Error), granted)
    // Whoever else brought it about, and though nothing went out this time: it may have happened.
    const settled = await happenedAnyway(parts, intent, effects)
    if (!settled) throw await failed(parts, { session, intent, error, record, wentOut, open: before.at(-1) })
    intent = settled
  }
  const hash = intent.state.status === 'done' ? intent.state.transactionHash : undefined
  record({ status: 'done', ...(hash ? { transactionHash: hash } : {}) })
  // Was that the last of it? The app is told; the intent is done in any case.
  await endings.look(session).catch(() => undefined)
  return intent
}

type Failure = {
  session: Session
  intent: StoredIntent
  error: Error
  record: ReturnType<typeof recordAction>
  /** In this try. */
  wentOut: boolean
  /** Of a try before, and it may still happen. */
  open: Leaf | undefined
}

/** Writes down that it has not happened, or that this is not known; and what to tell. */
async function failed({ server, intents, endings }: AgentParts, { session, intent, error, record, wentOut, open }: Failure): Promise<Error> {
  const outcome = actionOutcome({ error, handedOver: wentOut })
  const transactionHash = (outcome?.status !== 'sent' ? outcome?.transactionHash : undefined) ?? (await revertedHash(server, intent))
  if (outcome) record(open ? { status: 'unknown', error: error.name } : outcome)
  if (wentOut && outcome?.status === 'unknown') return error
  const ended = await endedBy(endings, session, error)
  // Whatever came of this try, the one before is not known to have failed: it stays `sent`.
  if (open && !ended) return error instanceof RelayOutcomeUnknownError ? error : new RelayOutcomeUnknownError({ ...open, cause: error })
  const told = ended ? error : ((await tooLate(server, intent, error)) ?? error)
  const message = 'shortMessage' in told && typeof told.shortMessage === 'string' ? told.shortMessage : told.name
  if (!open) await intents.save(intent, { state: { status: 'failed', error: told.name, message, ...(transactionHash ? { transactionHash } : {}) } })
  return ended ? new SessionEndedError({ session: session.id, reason: ended, ...(wentOut ? { lostRace: { transactionHash } } : {}), cause: error }) : told
}

/** Whether the chain's refusal is the session's end; that is written down then. */
async function endedBy(endings: Endings, session: Session, error: Error): Promise<EndReason | undefined> {
  if (error instanceof SessionRevokedError) {
    await endings.end(session, 'revoked')
    return 'revoked'
  }
  // The end of the session and the deadline of what was signed are refused in the same words.
  if (!(error instanceof SessionExpiredError)) return undefined
  return endings.look(session).then(
    () => undefined,
    (seen: unknown) => (seen instanceof SessionEndedError ? seen.reason : undefined),
  )
}

/** It came to the chain after its own deadline. */
async function tooLate(server: Server, { chainId, deadline }: Intent, error: Error): Promise<Error | undefined> {
  if (!(error instanceof SessionExpiredError) || deadline === undefined) return undefined
  const { timestamp } = await getBlock(getChainClient(server, chainId), { includeTransactions: false })
  if (Number(timestamp) < deadline) return undefined
  const message = 'The transaction came to the chain after its deadline: nothing took effect.'
  return new SignedCallExpiredError({ message, help: 'Send it again: the old one cannot happen any more.', revert: error.revert, cause: error })
}

/** Of the key's transactions the one that was included, and reverted. */
async function revertedHash(server: Server, { chainId, state }: Intent): Promise<Hash | undefined> {
  if (state.status !== 'sent') return undefined
  const client = getChainClient(server, chainId)
  for (const one of state.outgoing) {
    const receipt = one.by === 'key' ? await getTransactionReceipt(client, { hash: one.hash }).catch(() => undefined) : undefined
    if (receipt?.status === 'reverted') return receipt.transactionHash
  }
  return undefined
}

/** @throws {EffectMissingError} */
function confirmed(intent: StoredIntent): StoredIntent {
  const { state } = intent
  if (state.status === 'done' && state.missing.length > 0) throw new EffectMissingError({ transactionHash: state.transactionHash, missing: state.missing })
  return intent
}

/** How long what is signed may be held back. */
const openSeconds = 5 * 60

/** The same leaf goes out again while there is time for it. */
function deadlineOf({ deadline }: Intent, now: UnixSeconds): UnixSeconds {
  const latest = Math.max(now, Math.floor(Date.now() / 1_000))
  return deadline !== undefined && deadline > latest + openSeconds / 2 ? deadline : latest + openSeconds
}

/** One intent is one line of the history, however often it is tried. */
function actionId({ session, number }: Intent): string {
  return `${session}:${number.toString(16)}`
}
