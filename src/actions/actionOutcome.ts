import {
  BaseError,
  EstimateGasExecutionError,
  HttpRequestError,
  isHash,
  SocketClosedError,
  TimeoutError,
  TransactionExecutionError,
  WebSocketRequestError,
  type Hash,
} from 'viem'
import { WalletTimeoutError } from '../dialects/errors.js'
import { causesOf, isUserRejection } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { AlreadyRedeemedError, CallRefusedError, TransactionOutcomeUnknownError } from '../execution/errors.js'
import { OpenfortOutcomeUnknownError } from '../execution/openfortErrors.js'
import { RelayOutcomeUnknownError } from '../execution/relayErrors.js'
import { UserOperationOutcomeUnknownError } from '../execution/userOperationErrors.js'
import { WalletCallsOutcomeUnknownError, WalletCallsPartialError } from '../execution/walletCallsErrors.js'
import { mostNameLetters, type ActionOutcome } from '../sessions/sessionAction.js'
import { SessionOutdatedError } from './errors.js'

/** `handedOver`: what could bring the calls on-chain may have them. */
export type ActionOutcomeParameters = { error: Error; handedOver: boolean }

/** What an error says became of the calls, for the session's history. Undefined where the user said no: then there was no action. */
export function actionOutcome({ error, handedOver }: ActionOutcomeParameters): ActionOutcome | undefined {
  if (isUserRejection(error)) return undefined
  const named = { error: error.name.slice(0, mostNameLetters), transactionHash: hashIn(error) }
  if (error instanceof AlreadyRedeemedError) return { status: 'done' }
  if (error instanceof CallRefusedError) return { status: 'refused', by: error.by, ...named }
  if (error instanceof SessionOutdatedError) return { status: 'refused', by: 'check', ...named }
  return { status: handedOver && mayHaveHappened(error) ? 'unknown' : 'failed', ...named }
}

const open = [TransactionOutcomeUnknownError, RelayOutcomeUnknownError, UserOperationOutcomeUnknownError, OpenfortOutcomeUnknownError, WalletCallsOutcomeUnknownError, WalletCallsPartialError, WalletTimeoutError]

/** The kit's own errors say so where it is so. Of others only what proves that nothing was sent counts as that. */
function mayHaveHappened(error: Error): boolean {
  if (error instanceof SessionKeyError) return open.some((kind) => error instanceof kind)
  const viem = error instanceof BaseError ? error : undefined
  // It is estimated before anything is sent.
  if (viem?.walk((cause) => cause instanceof EstimateGasExecutionError)) return false
  if (!viem?.walk((cause) => cause instanceof TransactionExecutionError)) return true
  return viem.walk((cause) => unanswered.some((kind) => cause instanceof kind)) !== null
}

/** The node may have taken the transaction before the answer was lost. */
const unanswered = [HttpRequestError, TimeoutError, WebSocketRequestError, SocketClosedError]

function hashIn(error: Error): Hash | undefined {
  return causesOf(error).flatMap((cause) => {
    const { transactionHash } = cause as { transactionHash?: unknown }
    return typeof transactionHash === 'string' && isHash(transactionHash) ? [transactionHash] : []
  })[0]
}
