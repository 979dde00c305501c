import { bytesToHex, numberToHex, type Hex } from 'viem'
import * as v from 'valibot'
import { InvalidWalletResponseError } from '../dialects/errors.js'
import { requestWallet } from '../dialects/requestWallet.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { causesOf, walletErrorKind } from '../dialects/walletErrors.js'
import { createWalletProbe } from '../dialects/walletProbe.js'
import { listsPermissions } from '../dialects/wire/permissionsCapability.js'
import type { ExecutorRequest } from './executor.js'
import { findRevertError } from './errors.js'
import { callsError, WalletCallsOutcomeUnknownError, WalletCannotActError, WalletRefusedCallsError } from './walletCallsErrors.js'
import { callsStatus, encodeWalletCalls, sentCalls } from './walletCallsWire.js'

const sendMethod = 'wallet_sendCalls'
const statusMethod = 'wallet_getCallsStatus'

/**
 * The wallet makes the calls for the grant. They carry a name of ours, so that they can be found again when the wallet's answer is lost;
 * a wallet that refuses names is asked again without.
 *
 * @returns how the wallet knows the calls
 * @throws {WalletCannotActError} nothing was sent: it does not offer this, or would act as the owner
 * @throws {WalletCallsOutcomeUnknownError} the answer was lost, and the wallet does not know the calls by our name
 * @see ERC-5792 `wallet_sendCalls` 2.0.0, `id`
 */
export async function sendCalls(request: ExecutorRequest): Promise<string> {
  await requireCapability(request)
  const id = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  try {
    return await send(request, id)
  } catch (error) {
    // It read the request and nothing was sent; it may be the name that it does not take.
    if (error instanceof WalletRefusedCallsError && walletErrorKind(error.cause) === 'refused') return send(request)
    if (!(error instanceof WalletCallsOutcomeUnknownError)) throw error
    if (isAbout(error, duplicateId) || (await isKnown(request, id))) return id
    throw error
  }
}

async function send(request: ExecutorRequest, id?: Hex): Promise<string> {
  const params = [{ ...encodeWalletCalls(request), version: '2.0.0', atomicRequired: true, ...(id === undefined ? {} : { id }) }]
  // Calls without a name that were taken all the same would be made twice.
  const options = id === undefined ? { retryDelaysMs: [] } : {}
  const answer = await requestWallet(request.provider, { method: sendMethod, params }, options).catch((error: unknown): never => {
    if (mayHaveSent(error)) throw new WalletCallsOutcomeUnknownError({ id, problem: 'the wallet gave no answer to them', cause: error as Error })
    throw callsError(error, { method: sendMethod, chainId: request.chainId })
  })
  return bundleIdOf(answer, id)
}

/** A wallet that does not know the capability passes over it and acts as the owner, and nothing on-chain would show that. */
async function requireCapability({ provider, chainId, grant }: ExecutorRequest): Promise<void> {
  const wallet = createWalletProbe({ provider, connectorId: '', account: grant.account, chainId })
  // One that does not answer says nothing of it.
  const answer = await wallet.ask('wallet_getCapabilities', [grant.account, [numberToHex(chainId)]]).catch(() => undefined)
  if (typeof answer !== 'object' || answer === null || listsPermissions(answer, chainId)) return
  throw new WalletCannotActError({ reason: 'its capabilities do not list `permissions`, so it would act as the owner.' })
}

/** By now the wallet has the calls: an answer that cannot be read is no reason to send them again. */
export function bundleIdOf(answer: unknown, ours: string | undefined): string {
  const parsed = v.safeParse(sentCalls, answer)
  if (parsed.success) return parsed.output
  const cause = new InvalidWalletResponseError({ method: sendMethod, reason: 'it names no bundle' })
  throw new WalletCallsOutcomeUnknownError({ id: ours, problem: 'the wallet took them and answered something else than a name for them', cause })
}

/** An error of no known meaning may have come after the wallet took the calls. */
function mayHaveSent(error: unknown): boolean {
  const kind = walletErrorKind(error)
  return (kind === 'unknown' || kind === 'backend') && !isAbout(error, atomicityUnsupported, bundleTooLarge) && !findRevertError(error as Error)
}

/** @see ERC-5792. Nobody else uses the name, so a duplicate is there already: an earlier try of ours reached the wallet. */
const duplicateId = 5720
const bundleTooLarge = 5740
const atomicityUnsupported = 5760

function isAbout(error: unknown, ...codes: readonly number[]): boolean {
  return causesOf(error).some((cause) => codes.includes((cause as { code?: number }).code ?? 0))
}

/** A wallet may not know its own bundle at once. */
const looks = 5

async function isKnown({ client, provider }: ExecutorRequest, id: string): Promise<boolean> {
  for (let look = 0; look < looks; look += 1) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, client.pollingInterval))
    const answer = await sendToWallet(provider, { method: statusMethod, params: [id] }).catch(() => undefined)
    if (v.is(callsStatus, answer)) return true
  }
  return false
}
