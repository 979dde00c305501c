import * as v from 'valibot'
import { InvalidWalletResponseError } from '../dialects/errors.js'
import { requestWallet } from '../dialects/requestWallet.js'
import type { Executor, ExecutorRequest } from './executor.js'
import { callsError, WalletCallsOutcomeUnknownError } from './walletCallsErrors.js'
import { walletCallsOutcome } from './walletCallsOutcome.js'
import { encodeWalletCalls, sentCalls } from './walletCallsWire.js'
import { sendPreparedCalls } from './walletPreparedCalls.js'

const sendMethod = 'wallet_sendCalls'

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
 * or asked its user. Check the calls beforehand (`checkCalls`): the kit does.
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
    const answer = (await sendPreparedCalls(request)) ?? (await sendCalls(request))
    return walletCallsOutcome(request, bundleIdOf(answer), { timeoutMs, receiptTimeoutMs })
  }
}

async function sendCalls(request: ExecutorRequest): Promise<unknown> {
  const { chainId, provider } = request
  const params = [{ ...encodeWalletCalls(request), version: '2.0.0', atomicRequired: true }]
  return requestWallet(provider, { method: sendMethod, params }).catch((error: unknown) => {
    throw callsError(error, { method: sendMethod, chainId })
  })
}

/** By now the wallet has the calls: an answer that cannot be read is no reason to send them again. */
function bundleIdOf(answer: unknown): string {
  const parsed = v.safeParse(sentCalls, answer)
  if (parsed.success) return parsed.output
  const cause = new InvalidWalletResponseError({ method: sendMethod, reason: 'it names no bundle' })
  throw new WalletCallsOutcomeUnknownError({ id: undefined, problem: 'the wallet took them and answered something else than a name for them', cause })
}
