import type { Calls, Hash, Narrow, TransactionReceipt } from 'viem'
import type { Execution, Redemption } from '../delegation/redeem.js'
import { isDelegated } from '../delegation/grantedPermission.js'
import {
  SignedCallExpiredError,
  type AlreadyRedeemedError,
  type CallRefusedError,
  type GasCapExceededError,
  type RelayRequiredError,
  type SendQueueFullError,
  type SessionCallRevertedError,
  type TransactionOutcomeUnknownError,
} from '../execution/errors.js'
import type { RelayOutcomeUnknownError, RelayRejectedError, RelayUnsupportedChainError } from '../execution/relayErrors.js'
import type {
  NetworkFeesNotAllowedError,
  RelayFeesNotSupportedError,
  RelayFeeTakenError,
  RelayFeeTokenError,
  RelayFeeTooHighError,
  RelayTaskRevertedError,
} from '../execution/relayFeeErrors.js'
import { deployDependencies, type AccountNotDeployedError } from '../execution/deployDependencies.js'
import type { SessionAccountNotDeployedError } from '../execution/deploySessionAccount.js'
import type { BundlerUnreachableError, PaymasterRefusedError, UserOperationOutcomeUnknownError, UserOperationRefusedError } from '../execution/userOperationErrors.js'
import { redactContexts } from '../execution/redactError.js'
import type { LaneRequest } from '../execution/lane.js'
import { redemptionsFor } from '../execution/redemptions.js'
import { KeyKindNotSupportedError, type KeyNotHereError, type KeyUnreadableError } from '../keys/errors.js'
import type { SessionSigner } from '../keys/sessionSigner.js'
import { check, type Cover } from '../permissions/check.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { knownGrant } from '../sessions/knownGrant.js'
import { isHeld, type Session } from '../sessions/session.js'
import type { AmbiguousSessionError, SessionLostError, SessionNotFoundError, SessionsLockedError } from '../sessions/errors.js'
import { actionOutcome } from './actionOutcome.js'
import { planCalls } from './checkCalls.js'
import { companionsOf, type Companions } from './companions.js'
import { getGrantingWallet } from './connectedWallet.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { ExecutorNotConfiguredError, SkipCheckNotAllowedError, type OtherWalletError, type SessionOutdatedError } from './errors.js'
import type { SessionKeyParameters } from './getSessionKey.js'
import { requireActiveSession } from './requireSession.js'
import { outdatedError } from './outdatedError.js'
import { planSending } from './planSending.js'
import { noteUsage } from './noteUsage.js'
import { receiptUsage } from './receiptUsage.js'
import { recordAction } from './recordAction.js'
import { encodeSessionCalls, type EncodedCall } from './sessionCalls.js'
import { sharedRead } from './sharedRead.js'
import { typedError } from './typedError.js'
import type { Use } from './usageLedger.js'

export type SendSessionCallsParameters<calls extends readonly unknown[] = readonly unknown[]> = SessionKeyParameters & {
  /** Made in this order as one: all take effect or none does. */
  calls: Calls<Narrow<calls>>
  /**
   * Sends them even where the local check would refuse; the chain then decides. For calls that the check cannot judge. Not for a
   * session that was granted more than it asked for: there the check alone holds it to what was asked. Nor for one whose grant is no
   * delegation: there no contract that the kit knows would hold it to anything (`SkipCheckNotAllowedError`).
   * The first permission of the session stands for calls that none covers.
   */
  skipCheck?: boolean | undefined
  /**
   * Where the session key pays for itself (the direct lane), sends of one tick, and those made while one is on its way, share a
   * transaction; each still takes effect, fails and resolves by itself. `false`: this one gets a transaction of its own. Default `true`.
   */
  join?: boolean | undefined
}

export type SendSessionCallsReturnType = {
  id: string
  transactionHash: Hash
  /** Of the whole transaction: one that several sends share (`join`) holds the logs of all of them. */
  receipt: TransactionReceipt
  /**
   * The logs of this send alone, on the direct lane. Undefined where they share a transaction and cannot be told apart, because a permission
   * counts nothing (a contract call without `callLimit`, an NFT), and on every other lane.
   */
  logs?: TransactionReceipt['logs'] | undefined
}

export type SendSessionCallsErrorType =
  | SessionNotFoundError
  | SessionLostError
  | AmbiguousSessionError
  | CallRefusedError
  | SessionCallRevertedError
  | AlreadyRedeemedError
  | TransactionOutcomeUnknownError
  | GasCapExceededError
  | SendQueueFullError
  | RelayOutcomeUnknownError
  | RelayRejectedError
  | RelayUnsupportedChainError
  | NetworkFeesNotAllowedError
  | RelayFeesNotSupportedError
  | RelayFeeTakenError
  | RelayFeeTokenError
  | RelayFeeTooHighError
  | RelayTaskRevertedError
  | BundlerUnreachableError
  | PaymasterRefusedError
  | UserOperationOutcomeUnknownError
  | UserOperationRefusedError
  | ExecutorNotConfiguredError
  | SessionOutdatedError
  | SessionsLockedError
  | OtherWalletError
  | SkipCheckNotAllowedError
  | AccountNotDeployedError
  | SessionAccountNotDeployedError
  | RelayRequiredError
  | KeyKindNotSupportedError
  | KeyNotHereError
  | KeyUnreadableError

/**
 * Lets the session act: no prompt. Resolves when the calls are in a block.
 *
 * @throws {CallRefusedError} its subclasses say which limit; `by` says whether we refused or the chain did
 * @throws {SkipCheckNotAllowedError} nothing was sent: past the check nobody would hold the session to its limits
 * @throws {SessionCallRevertedError} a called contract failed; nothing took effect
 * @throws {GasCapExceededError} nothing was sent: the calls do not fit one transaction
 * @throws {SendQueueFullError} nothing was sent: too many wait for their transaction already
 * @throws {RelayOutcomeUnknownError} the relay's word is missing; `deadline` says until when the calls may still happen
 * @throws {TransactionOutcomeUnknownError} the session key's transaction is in no block yet, and may still get into one
 * @throws {UserOperationOutcomeUnknownError} the bundler may have the operation, and the chain does not show it
 * @throws {PaymasterRefusedError} nobody pays for it, so nothing was sent
 * @throws {AlreadyRedeemedError} the calls did happen, in a transaction that could not be found
 * @see ERC-7710 `redeemDelegations`
 */
export async function sendSessionCalls<const calls extends readonly unknown[]>(
  config: SessionKeyConfig,
  parameters: SendSessionCallsParameters<calls>,
): Promise<SendSessionCallsReturnType> {
  const companions = companionsOf(config, parameters.session)
  try {
    return await sendWith(config, parameters, companions)
  } finally {
    companions.leave()
  }
}

async function sendWith(config: SessionKeyConfig, parameters: SendSessionCallsParameters, companions: Companions): Promise<SendSessionCallsReturnType> {
  const session = await requireActiveSession(config, parameters)
  // Whoever acts for such a grant, a wallet or a backend, is no contract whose refusal the kit could prove.
  if (parameters.skipCheck && !session.granted.every(isDelegated)) throw new SkipCheckNotAllowedError({ dialect: session.dialect })
  const calls = encodeSessionCalls(parameters.calls)
  const record = recordAction(config, session, calls)
  let handedOver = false
  try {
    const sending = await prepare(config, session, calls, parameters, companions)
    handedOver = true
    // Elsewhere a wallet may ask its user first, and what the user declines is no action.
    if (session.granted.every(isDelegated)) record({ status: 'sent' })
    const sent = await handOver(config, sending)
    record({ status: 'done', transactionHash: sent.transactionHash })
    return sent
  } catch (error) {
    const outcome = actionOutcome({ error: error as Error, handedOver })
    if (outcome) record(outcome)
    throw error
  }
}

async function prepare(
  config: SessionKeyConfig,
  session: Session,
  calls: readonly EncodedCall[],
  parameters: SendSessionCallsParameters,
  companions: Companions,
): Promise<Sending> {
  const signer = await sharedRead(config, `signer ${session.id}`, () => config.sessions.signer(session))
  const plan = await planSending(config, session, calls)
  // Where more was granted than asked, nobody but our check holds the session to what was asked.
  if ('error' in plan && (!parameters.skipCheck || isHeld(session))) {
    throw outdatedError({ selector: parameters.session, session, calls, now: plan.now, refusal: plan.error }) ?? plan.error
  }
  const covers = 'error' in plan ? calls.map((call) => nearestCover(session, call)) : plan.covers
  const { use, certain } = 'error' in plan ? { use: undefined, certain: false } : plan
  const { skipCheck, join = true } = parameters
  return { session, signer, calls, covers, use, checked: certain && !skipCheck, join, companions, now: plan.now, blockNumber: plan.blockNumber }
}

async function handOver(config: SessionKeyConfig, sending: Sending): Promise<SendSessionCallsReturnType> {
  const { session, calls, use } = sending
  const extra = coverExtra(config, session)
  try {
    const sent = await send(config, sending, extra.cover)
    // An executor of the app's own may leave the receipt out.
    if (sent.receipt) noteReceipt(config, session, sent.receipt, [use, extra.use()])
    return sent
  } catch (error) {
    for (const one of [use, extra.use()]) one?.failed()
    config.usage.forget(session.id)
    const told = typedError(error as Error)
    throw redactContexts(told instanceof SignedCallExpiredError ? await endedError(config, session, calls, told) : told, session.granted)
  } finally {
    config.sessions.noteUse(session.id)
  }
}

/** What is left by the receipt itself, where that tells it: whoever shows it has no need to ask. */
function noteReceipt(config: SessionKeyConfig, session: Session, receipt: TransactionReceipt, uses: readonly (Use | undefined)[]): void {
  const { blockNumber } = receipt
  const usage = config.usage.noteReceipt(session.id, blockNumber, (before, upTo) => receiptUsage(session, receipt, before, upTo))
  for (const one of uses) one?.happened(blockNumber, { isCounted: usage !== undefined })
  if (usage) void noteUsage(config, session, usage)
}

/** A call whose own deadline has passed, because the session has ended since the chain's time was read. */
async function endedError(config: SessionKeyConfig, session: Session, calls: readonly EncodedCall[], expired: SignedCallExpiredError): Promise<Error> {
  const plan = await planCalls(config, session, calls).catch(() => undefined)
  return plan && 'error' in plan ? plan.error : expired
}

type Sending = {
  session: Session
  signer: SessionSigner
  calls: readonly EncodedCall[]
  covers: readonly Cover[]
  /** Counts the calls as made, until it is known that they were not. */
  use: Use | undefined
  /** Nothing has to be simulated. */
  checked: boolean
  /** May share a transaction. */
  join: boolean
  /** What was begun in the same tick. */
  companions: Companions
  now: UnixSeconds
  blockNumber: bigint
}

/** One call beside those of the app, such as a relay's fee: judged after them, and counted like them. */
function coverExtra(config: SessionKeyConfig, session: Session) {
  let use: Use | undefined
  return {
    use: () => use,
    async cover(call: Execution): Promise<Redemption> {
      use?.failed()
      use = undefined
      const plan = await planSending(config, session, [call])
      if ('error' in plan) throw plan.error
      use = plan.use
      const [redemption] = redemptionsFor(session.granted.filter(isDelegated), [call], plan.covers)
      return redemption as Redemption
    },
  }
}

async function send(config: SessionKeyConfig, sending: Sending, cover: LaneRequest['cover']): Promise<SendSessionCallsReturnType> {
  const { session, signer, calls, covers, checked, join, companions, now, blockNumber } = sending
  const { chainId, granted, account, dependencies = [] } = session
  const client = getChainClient(config, chainId)
  if (!granted.every(isDelegated)) {
    const execute = config.executors[session.dialect]
    if (!execute) throw new ExecutorNotConfiguredError({ dialect: session.dialect })
    if (signer.type === 'contract') throw new KeyKindNotSupportedError({ wallet: session.dialect })
    const { provider } = await getGrantingWallet(config, session)
    return execute({ chainId, client, provider, grant: knownGrant(session), signer, calls })
  }
  const payer = config.lane.name === 'direct' && signer.type === 'local' ? signer : undefined
  await deployDependencies({ client, account, dependencies, allowedFactories: config.allowedFactories, payer })
  const redemptions = redemptionsFor(granted, calls, covers)
  // A lane that joins puts into one transaction what it gets at once.
  if (config.lane.name === 'direct') await companions.ready()
  return config.lane.send({ chainId, client, signer, redemptions, now, blockNumber, checked, join, cover })
}

/** The permission whose refusal the chain shall speak: the one that covers the call, or came nearest to it. */
function nearestCover(session: Session, call: EncodedCall) {
  const permissions = session.granted.map(({ permission }) => permission)
  const verdict = check({ permissions, expiry: Number.MAX_SAFE_INTEGER, calls: [call], now: Number.MAX_SAFE_INTEGER - 1 })
  if (verdict.allowed) return verdict.covers[0] ?? { permission: 0 }
  const [refusal] = verdict.refusals
  return {
    permission: refusal && 'permission' in refusal ? refusal.permission : 0,
    group: (refusal && 'group' in refusal && refusal.group) || 0,
  }
}
