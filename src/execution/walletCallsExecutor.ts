import type { Executor } from './executor.js'
import { WalletCannotActError } from './walletCallsErrors.js'
import { walletCallsOutcome } from './walletCallsOutcome.js'
import { sendPreparedCalls } from './walletPreparedCalls.js'
import { bundleIdOf, sendCalls } from './walletSendCalls.js'

export type WalletCallsExecutorParameters = {
  /** How long the wallet may take to bring the calls on-chain, in milliseconds. @default 120_000 */
  timeoutMs?: number | undefined
  /** How long the app's own node may be behind the wallet's, in milliseconds. @default 30_000 */
  receiptTimeoutMs?: number | undefined
}

/**
 * Acts under a grant that only the wallet can read: the wallet makes the calls, all of them or none, and pays or has
 * them paid for. Where it offers ERC-7836 the session key signs what the wallet prepares; else the wallet itself acts for
 * the grant, by ERC-5792 with the `permissions` capability. `id` is the wallet's for the bundle; the receipt is the chain's.
 *
 * The wallet holds the account, so what it does beyond the calls cannot be seen from here, nor whether it used the grant
 * or asked its user: the receipt is the same. A wallet whose capabilities do not list `permissions` is not sent any; one that does not
 * answer that question is taken at its word. Check the calls beforehand (`checkCalls`): the kit does.
 *
 * @throws {WalletCannotActError} {@link WalletRefusedCallsError} {@link UnexpectedDigestError} nothing was sent
 * @throws {UserRejectedRequestError} {@link WalletBusyError} {@link WalletChainMismatchError} nothing was sent
 * @throws {InvalidWalletResponseError} nothing was signed
 * @throws {SessionCallRevertedError} {@link CallRefusedError} no call took effect
 * @throws {WalletCallsFailedError} {@link WalletCallsPartialError} {@link WalletCallsOutcomeUnknownError} sent
 * @see ERC-7836 `wallet_prepareCalls`; ERC-5792 `wallet_sendCalls` 2.0.0; the `permissions` capability of ERC-7715 until 2026
 */
export function walletCallsExecutor({ timeoutMs = 120_000, receiptTimeoutMs = 30_000 }: WalletCallsExecutorParameters = {}): Executor {
  return async (request) => {
    const prepared = await sendPreparedCalls(request)
    const id = 'answer' in prepared ? bundleIdOf(prepared.answer, undefined) : await sendCalls(request).catch(preferRefusal(prepared.refusal))
    return walletCallsOutcome(request, id, { timeoutMs, receiptTimeoutMs })
  }
}

/** Where the other way is closed too, what the wallet said of the first one tells more. */
function preferRefusal(refusal: Error | undefined): (error: unknown) => never {
  return (error) => {
    throw refusal && error instanceof WalletCannotActError ? refusal : error
  }
}
