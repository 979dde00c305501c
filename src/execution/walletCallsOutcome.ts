import { numberToHex, type Client, type Hash, type TransactionReceipt } from 'viem'
import { getTransaction, waitForTransactionReceipt } from 'viem/actions'
import * as v from 'valibot'
import { InvalidWalletResponseError } from '../dialects/errors.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { walletErrorKind } from '../dialects/walletErrors.js'
import { findRevertError, SessionCallRevertedError, type CallRefusedError } from './errors.js'
import type { ExecutorRequest } from './executor.js'
import type { LaneResult } from './lane.js'
import { WalletCallsFailedError, WalletCallsOutcomeUnknownError, WalletCallsPartialError } from './walletCallsErrors.js'
import { callsStatus } from './walletCallsWire.js'

const statusMethod = 'wallet_getCallsStatus'

type Timeouts = {
  /** How long the wallet may take to bring the calls on-chain. */
  timeoutMs: number
  /** How long the app's own node may be behind the wallet's. */
  receiptTimeoutMs: number
}

/**
 * Waits until the wallet says what became of a bundle, then reads it from the chain. Only what both call a success is
 * one: the wallet names the transactions, and an ERC-4337 transaction succeeds around a call that failed.
 *
 * @throws {SessionCallRevertedError} {@link WalletCallsFailedError} {@link WalletCallsPartialError} {@link WalletCallsOutcomeUnknownError}
 */
export async function walletCallsOutcome(request: Pick<ExecutorRequest, 'client' | 'provider'>, id: string, timeouts: Timeouts): Promise<LaneResult> {
  const { client } = request
  const { code, stage, transactionHashes } = await finalStatus(request, id, timeouts.timeoutMs)
  const receipts = await Promise.all(transactionHashes.map((hash) => includedReceipt(client, { id, hash, timeout: timeouts.receiptTimeoutMs })))
  const reverted = receipts.filter(({ status }) => status === 'reverted')
  const last = receipts.at(-1)
  if (stage === 'partial' || (reverted.length > 0 && reverted.length < receipts.length)) throw new WalletCallsPartialError({ id, transactionHashes })
  if (reverted[0]) throw await revertReason(client, reverted[0])
  if (stage === 'reverted') throw new SessionCallRevertedError({})
  if (stage === 'failed' && last) {
    const problem = `the wallet says that it gave up on them (status ${code}), and transaction ${last.transactionHash}, which it names, succeeded`
    throw new WalletCallsOutcomeUnknownError({ id, transactionHash: last.transactionHash, problem })
  }
  if (stage === 'failed') throw new WalletCallsFailedError({ id, status: code })
  if (!last) throw new WalletCallsOutcomeUnknownError({ id, problem: 'the wallet says that they happened, but not in which transaction' })
  return { id, transactionHash: last.transactionHash, receipt: last }
}

type FinalStatus = v.InferOutput<typeof callsStatus>

async function finalStatus({ client, provider }: Pick<ExecutorRequest, 'client' | 'provider'>, id: string, timeoutMs: number): Promise<FinalStatus> {
  const endsAt = Date.now() + timeoutMs
  let problem: Error | undefined
  while (Date.now() < endsAt) {
    try {
      const answer = await within(() => sendToWallet(provider, { method: statusMethod, params: [id] }), endsAt - Date.now())
      if (answer === late) break
      const status = readStatus(answer)
      if (status.stage !== 'pending') return status
      problem = undefined
    } catch (error) {
      // A wallet may not know its own bundle yet, or be busy: only one that cannot tell at all is not asked again.
      problem = error as Error
      if (walletErrorKind(error) === 'unsupported') break
    }
    await delay(Math.min(client.pollingInterval, Math.max(0, endsAt - Date.now())))
  }
  const unsupported = walletErrorKind(problem) === 'unsupported'
  throw new WalletCallsOutcomeUnknownError({
    id,
    problem: unsupported ? `the wallet does not answer ${statusMethod}` : `the wallet did not say within ${Math.round(timeoutMs / 1_000)} s`,
    cause: problem,
  })
}

function readStatus(answer: unknown): FinalStatus {
  const parsed = v.safeParse(callsStatus, answer)
  if (parsed.success) return parsed.output
  throw new InvalidWalletResponseError({ method: statusMethod, reason: `${v.getDotPath(parsed.issues[0]) ?? 'it'} is not as expected` })
}

async function includedReceipt(client: Client, { id, hash, timeout }: { id: string; hash: Hash; timeout: number }): Promise<TransactionReceipt> {
  try {
    // The wallet says that it is in a block: it waits for our node, not for a replacement.
    return await waitForTransactionReceipt(client, { hash, timeout, checkReplacement: false })
  } catch (cause) {
    throw new WalletCallsOutcomeUnknownError({ id, transactionHash: hash, problem: `the chain does not know transaction ${hash}, which the wallet named`, cause: cause as Error })
  }
}

/** A receipt does not say why it reverted, so the transaction is run again on the state that followed it. */
async function revertReason(client: Client, { transactionHash, blockNumber }: TransactionReceipt): Promise<CallRefusedError | SessionCallRevertedError> {
  try {
    const { from, to, input, value, gas } = await getTransaction(client, { hash: transactionHash })
    const call = { from, to, data: input, value: numberToHex(value), gas: numberToHex(gas) }
    await client.request({ method: 'eth_call', params: [call, numberToHex(blockNumber)] })
    return new SessionCallRevertedError({})
  } catch (error) {
    return findRevertError(error as Error) ?? new SessionCallRevertedError({ cause: error as Error })
  }
}

const late = Symbol('late')

async function within<result>(ask: () => Promise<result>, timeoutMs: number): Promise<result | typeof late> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), timeoutMs)
  })
  try {
    return await Promise.race([ask(), timeout])
  } finally {
    clearTimeout(timer)
  }
}

const delay = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
