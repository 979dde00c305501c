import type { Address, Hex } from 'viem'
import * as v from 'valibot'
import { reasonOf } from '../dialects/walletErrors.js'
import { hash, hashToSign, nextAction, wrongPart } from '../dialects/wire/openfortSession.js'
import { OpenfortIntentError, OpenfortOutcomeUnknownError, OpenfortRefusedError } from './openfortErrors.js'

/** One of Openfort's `interactions`: JSON as it stands. */
export type OpenfortInteraction = {
  to: Address
  /** Wei, in decimal digits. */
  value: string
  data: Hex
}

/** What `openfort.transactionIntents.create` of Openfort's server SDK needs; `account` is there the `acc_…` of this address. */
export type OpenfortIntentRequest = {
  /** The user's smart account. */
  account: Address
  chainId: number
  /** The session key, which will sign. */
  sessionAddress: Address
  /** All of them or none: Openfort's `interactions`. Its contracts take nine at most. */
  calls: readonly OpenfortInteraction[]
}

const intentAnswer = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  signableHash: v.nullish(hash),
  userOperationHash: v.nullish(hash),
  nextAction,
})

/** @throws {OpenfortIntentError} there is nothing to sign */
export async function requestIntent(create: () => Promise<unknown>): Promise<{ id: string; toSign: Hex }> {
  const answer = await attempt(create, (reason, cause) => new OpenfortIntentError({ reason, cause }))
  const parsed = v.safeParse(intentAnswer, answer)
  if (!parsed.success) throw new OpenfortIntentError({ reason: `in its answer ${wrongPart(parsed.issues)}` })
  const { id, nextAction: next, ...hashes } = parsed.output
  const toSign = hashToSign({ payload: hashes }) ?? hashToSign(next)
  if (toSign === undefined) throw new OpenfortIntentError({ reason: 'its answer has no hash for the session key to sign' })
  return { id, toSign }
}

const submitAnswer = v.object({
  transactionHash: v.nullish(hash),
  response: v.nullish(v.object({ transactionHash: v.nullish(hash), status: v.optional(v.unknown()), error: v.optional(v.unknown()) })),
})

/**
 * Which transaction it became, by the backend's word.
 * @throws {OpenfortRefusedError} none
 * @throws {OpenfortOutcomeUnknownError} the answer does not say
 */
export async function submitIntent(intentId: string, submit: () => Promise<unknown>): Promise<Hex> {
  const unknown = (reason: string, cause?: Error) => new OpenfortOutcomeUnknownError({ intentId, reason, cause })
  const answer = await attempt(submit, (reason, cause) => unknown(`the backend did not say that it took the signature (${reason})`, cause))
  const parsed = v.safeParse(submitAnswer, answer)
  if (!parsed.success) throw unknown(`in the backend's answer ${wrongPart(parsed.issues)}`)
  const { transactionHash, response } = parsed.output
  const named = transactionHash ?? response?.transactionHash
  if (named) return named
  // Openfort reports what failed before it was sent as a response without a transaction.
  if (response?.status === 0) throw new OpenfortRefusedError({ intentId, reason: wordsOf(response.error) })
  throw unknown('the backend named no transaction')
}

async function attempt(step: () => Promise<unknown>, failed: (reason: string, cause: Error) => Error): Promise<unknown> {
  try {
    return await step()
  } catch (cause) {
    throw failed(reasonOf(cause), cause as Error)
  }
}

/** Openfort's `error` is of any shape. */
function wordsOf(error: unknown): string {
  const { reason } = (error ?? {}) as { reason?: unknown }
  return typeof reason === 'string' ? reason.slice(0, 300) : reasonOf(error)
}
