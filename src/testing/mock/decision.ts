import { disconnected, userRejected } from './rpcError.js'

/** A request that reached a wallet. */
export type MockCall = { method: string; params: unknown }

/** How a wallet grants something else than it was asked for. What it answers and what it signs still agree. */
export type Bending = 'narrow' | 'broaden' | 'other'

/**
 * What becomes of a request that the user is asked about: for permissions, or to send a transaction.
 *
 * - `grant` as asked · `reject` the user says no
 * - `narrow` half of every limit, or of the time where nothing is limited · `broaden` twice as much · `other` another token or
 *   contract, or another session key where there is none
 * - `hang` no answer, ever · `garbage` an answer that is none, each time another · `crash` it is granted and remembered, and then
 *   the connection breaks
 */
export type MockDecision = 'grant' | 'reject' | Bending | 'hang' | 'garbage' | 'crash'

/** `ask`: the consent dialog that is mounted asks. Only the embedded wallet asks in the page. */
export type EmbeddedDecision = MockDecision | 'ask'

/** Always the same, or decided for each request. */
export type Decide<decision> = decision | ((call: MockCall) => decision | Promise<decision>)

/** A request that was read and found good. */
export type GoodRequest<request> = {
  request: request
  bend?(request: request, how: Bending): request
  /** Grants, and remembers it. */
  answer(request: request): unknown
}

/** What a "no" and a broken connection sound like. Default: 4001 and 4900. */
export type Refusals = { rejected?: (() => Error) | undefined; connectionLost?: (() => Error) | undefined }

export type Outcome = <request>(decision: EmbeddedDecision, asked: GoodRequest<request>) => Promise<unknown>

export async function decisionOn(call: MockCall, decide: Decide<EmbeddedDecision>): Promise<EmbeddedDecision> {
  return typeof decide === 'function' ? decide(call) : decide
}

/** What becomes of requests in one wallet, once it is decided. */
export function createOutcomes({ rejected = userRejected, connectionLost = disconnected }: Refusals = {}): Outcome {
  let nonsense = 0
  return async (decision, { request, bend, answer }) => {
    switch (decision) {
      case 'grant':
        return answer(request)
      case 'narrow':
      case 'broaden':
      case 'other':
        return answer(bend ? bend(request, decision) : request)
      case 'reject':
        throw rejected()
      case 'hang':
        return new Promise<never>(() => undefined)
      case 'garbage':
        return garbage[nonsense++ % garbage.length]
      case 'crash':
        await answer(request)
        throw connectionLost()
      default:
        throw new Error(`This mock wallet knows no decision "${decision satisfies 'ask'}".`)
    }
  }
}

/** What no dialect ever answers, in the order in which it comes. */
export const garbage: readonly unknown[] = [null, 'granted', [], {}, [{ context: 7, to: null }], 42, undefined]
