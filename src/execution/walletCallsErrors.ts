import type { Hash } from 'viem'
import { causesOf, reasonOf, walletError, walletErrorKind } from '../dialects/walletErrors.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { findRevertError } from './errors.js'

/** The wallet granted, but it makes no calls under the grant: neither by ERC-7836 nor by ERC-5792's `permissions` capability. */
export class WalletCannotActError extends SessionKeyError {
  override readonly name = 'WalletCannotActError'
  constructor({ reason, cause }: { reason: string; cause?: Error | undefined }) {
    super(`The wallet grants permissions, but makes no calls under them: ${reason}`, {
      cause,
      metaMessages: ['Nothing was sent.', 'Connect a wallet whose permissions can be used: useSupportedPermissions says how a session acts.'],
    })
  }
}

/** The wallet turned the calls down: they are outside the permission, or it has ended in the wallet. */
export class WalletRefusedCallsError extends SessionKeyError {
  override readonly name = 'WalletRefusedCallsError'
  constructor({ reason, cause }: { reason: string; cause: Error }) {
    super(`The wallet does not make these calls under this session: ${reason}`, {
      cause,
      metaMessages: ['Nothing was sent.', 'If the session has ended in the wallet, ask for a new one: useGrantPermissions.'],
    })
  }
}

/** What the wallet gave to sign is not for this session. Nothing was signed. @see ERC-7836 */
export class UnexpectedDigestError extends SessionKeyError {
  override readonly name = 'UnexpectedDigestError'
  constructor({ reason }: { reason: string }) {
    super(`The wallet prepared the calls for ${reason}, so the session key signed nothing.`, { metaMessages: ['Nothing was sent.'] })
  }
}

/** The wallet took the calls and gave up on them before they were on-chain. `status` is ERC-5792's. */
export class WalletCallsFailedError extends SessionKeyError {
  override readonly name = 'WalletCallsFailedError'
  readonly id: string
  readonly status: number
  constructor({ id, status }: { id: string; status: number }) {
    super(`The wallet gave up on the calls (status ${status}); by its word none of them is on-chain.`, { metaMessages: [`The wallet calls them ${id.slice(0, 200)}.`] })
    this.id = id
    this.status = status
  }
}

/** All or none were asked for, and the wallet made only some of the calls. */
export class WalletCallsPartialError extends SessionKeyError {
  override readonly name = 'WalletCallsPartialError'
  readonly id: string
  readonly transactionHashes: readonly Hash[]
  constructor({ id, transactionHashes }: { id: string; transactionHashes: readonly Hash[] }) {
    super('The wallet made only a part of the calls, although all or none were asked for.', {
      metaMessages: ['Look at what happened before sending anything again.', ...transactionHashes.map((hash) => `Transaction: ${hash}`)],
    })
    this.id = id
    this.transactionHashes = transactionHashes
  }
}

/** The wallet took the calls; what became of them is not known. They may be on-chain, or may come to be. */
export class WalletCallsOutcomeUnknownError extends SessionKeyError {
  override readonly name = 'WalletCallsOutcomeUnknownError'
  /** For `wallet_getCallsStatus`: how the wallet knows the calls, or the name that the kit gave them; undefined where there is none. */
  readonly id: string | undefined
  readonly transactionHash: Hash | undefined
  constructor({ id, transactionHash, problem, cause }: { id: string | undefined; transactionHash?: Hash | undefined; problem: string; cause?: Error | undefined }) {
    super(`It is not known what became of the calls: ${problem}.`, { cause, metaMessages: ['They may still happen. Look before trying again.'] })
    this.id = id
    this.transactionHash = transactionHash
  }
}

/** @see ERC-5792 */
const atomicityUnsupported = 5760

/** The typed error for a wallet that did not take the calls. */
export function callsError(error: unknown, about: { method: string; chainId: number }): Error {
  const cause = error instanceof Error ? error : new Error(reasonOf(error))
  const kind = walletErrorKind(error)
  if (kind === 'rejected') return walletError(error, about)
  const reverted = findRevertError(cause)
  if (reverted) return reverted
  // The account is connected: what is not authorised is the session.
  if (kind === 'refused' || kind === 'unauthorized') return new WalletRefusedCallsError({ reason: reasonOf(error), cause })
  if (kind === 'unsupported' || causesOf(error).some(isAtomicityUnsupported)) return new WalletCannotActError({ reason: reasonOf(error), cause })
  return walletError(error, about)
}

function isAtomicityUnsupported(error: unknown): boolean {
  return (error as { code?: unknown }).code === atomicityUnsupported
}
