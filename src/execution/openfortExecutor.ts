import type { Client, Hex, TransactionReceipt } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import type { RevertReason } from '../delegation/revertReason.js'
import type { KnownGrant } from '../dialects/dialect.js'
import { openfort } from '../dialects/openfort.js'
import { CallLimitExceededError, SessionCallRevertedError, SessionRevokedError } from './errors.js'
import type { Executor } from './executor.js'
import { OpenfortCallsRevertedError, OpenfortIntentError, OpenfortOutcomeUnknownError, OpenfortRefusedError } from './openfortErrors.js'
import { requestIntent, submitIntent, type OpenfortIntentRequest } from './openfortIntent.js'
import { failedOperation, readRevert, revertOf } from './openfortReceipt.js'

export type OpenfortExecutorParameters = {
  /** Has the app's backend create the intent. `{ id: 'tin_…', signableHash }`, or Openfort's own answer with its `nextAction`. */
  createIntent: (request: OpenfortIntentRequest) => Promise<unknown>
  /**
   * Hands the signature on: `openfort.proxy.sendSignatureTransactionIntentRequest(id, null, signature)`. Resolves with
   * `{ transactionHash }`, or Openfort's own answer with its `response`.
   */
  submitSignature: (signed: { id: string; signature: Hex }) => Promise<unknown>
  /** How long the chain may take to show the transaction. Default 60 000. */
  receiptTimeoutMs?: number | undefined
}

/**
 * How a session of Openfort's acts: the app's backend makes a transaction intent, the session key signs its hash, Openfort
 * brings it on-chain. What became of it the chain says, not the backend. Nothing is fetched here; the app owns the HTTP.
 *
 * The executor throws
 * - {@link SessionRevokedError}, {@link CallLimitExceededError}: nothing happened, and the account says why
 * - {@link OpenfortIntentError}, {@link OpenfortRefusedError}: nothing happened
 * - {@link SessionCallRevertedError}, {@link OpenfortCallsRevertedError}: included, and no call took effect
 * - {@link OpenfortOutcomeUnknownError}: the calls may have happened
 *
 * @see openfort.io/docs "Session keys"; openfort-js `examples/apps/auth-sample`
 */
export function openfortExecutor({ createIntent, submitSignature, receiptTimeoutMs = 60_000 }: OpenfortExecutorParameters): Executor {
  return async ({ chainId, client, grant, signer, calls }) => {
    const { account, delegate: sessionAddress } = grant
    const interactions = calls.map(({ to, value, data }) => ({ to, value: value.toString(), data }))
    try {
      const { id, toSign } = await requestIntent(() => createIntent({ account, chainId, sessionAddress, calls: interactions }))
      const signature = await signer.signMessage({ message: { raw: toSign } })
      const hash = await submitIntent(id, () => submitSignature({ id, signature }))
      const receipt = await waitForTransactionReceipt(client, { hash, timeout: receiptTimeoutMs }).catch((cause: Error): never => {
        throw new OpenfortOutcomeUnknownError({ intentId: id, transactionHash: hash, reason: 'no receipt of its transaction came', cause })
      })
      await requireSuccess(client, account, receipt)
      return { id, transactionHash: receipt.transactionHash, receipt }
    } catch (error) {
      throw (await refusalByAccount(client, grant, calls.length, error as Error)) ?? error
    }
  }
}

/** The chain's verdict on the transaction that was named. */
async function requireSuccess(client: Client, account: KnownGrant['account'], receipt: TransactionReceipt): Promise<void> {
  const { status, transactionHash } = receipt
  if (status === 'reverted') {
    const revert = await revertOf(client, receipt)
    throw new SessionCallRevertedError({ revert, data: revert.data })
  }
  const data = failedOperation(receipt, account)
  if (data === undefined) return
  throw new OpenfortCallsRevertedError({ transactionHash, data, ...(data === '0x' ? {} : { revert: readRevert(data) }) })
}

const renew = 'Ask for a new session: useGrantPermissions.'

/**
 * What the account says of a session whose calls came to nothing: to the EntryPoint every refusal is a wrong signature.
 * Undefined where the account does not say, or where it is not certain that nothing happened.
 */
async function refusalByAccount(client: Client, grant: KnownGrant, calls: number, cause: Error) {
  const nothingHappened = [OpenfortIntentError, OpenfortRefusedError, SessionCallRevertedError].some((Type) => cause instanceof Type)
  if (!nothingHappened) return undefined
  const revert: RevertReason | undefined = cause instanceof SessionCallRevertedError ? cause.revert : undefined
  const found = await openfort.readOnChain(client, grant).catch(() => undefined)
  if (found?.revoked) return new SessionRevokedError({ message: 'This session was revoked.', help: renew, cause, revert })
  if (found?.callsLeft === undefined || found.callsLeft >= calls) return undefined
  const message = `This session has ${found.callsLeft} calls left, and ${calls} are to be made.`
  return new CallLimitExceededError({ message, help: renew, cause, revert })
}
