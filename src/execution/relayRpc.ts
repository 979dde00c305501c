import * as v from 'valibot'
import { createJsonRpcEndpoint, NoAnswerError, type JsonRpcAnswer, type JsonRpcEndpointParameters } from './jsonRpcEndpoint.js'
import { InvalidRelayConfigError, RelayInvalidResponseError, RelayRejectedError, RelaySimulationError, RelayUnreachableError } from './relayErrors.js'
import type { Redact } from './redact.js'
import { relayErrorCode, relayStatusCode, wireBytes } from './relayWire.js'

export type RelayRpcParameters = JsonRpcEndpointParameters

export type RelayRpc = (request: { method: string; params: unknown; timeoutMs: number }) => Promise<unknown>

/** A relay's JSON-RPC, whose errors are ours. @throws {InvalidRelayConfigError} at once, for a url or a header that cannot be used */
export function createRelayRpc(parameters: RelayRpcParameters): RelayRpc {
  const { host, redact, post } = createJsonRpcEndpoint(parameters, {
    who: 'relay',
    error: (message, metaMessages) => new InvalidRelayConfigError(message, { metaMessages }),
  })
  return async (request) => {
    const answer = await post(request).catch((error: unknown) => {
      throw error instanceof NoAnswerError ? new RelayUnreachableError({ host, reason: error.reason, cause: error.cause as Error | undefined }) : error
    })
    return readResponse({ answer, host, redact })
  }
}

type RelayResponse = { answer: JsonRpcAnswer; host: string; redact: Redact }

function readResponse({ answer, host, redact }: RelayResponse): unknown {
  switch (answer.type) {
    case 'result':
      return v.is(refusalSchema, answer.result)
        ? { ...answer.result, message: redact(answer.result.message), data: redact(answer.result.data) }
        : answer.result
    case 'error': {
      const { code, message } = answer.error
      const data = redact(answer.error.data)
      const reason = redact(message).slice(0, maxReasonLength)
      if (code === relayErrorCode.simulationFailed) throw new RelaySimulationError({ data: revertData(data), reason })
      throw new RelayRejectedError({ code, reason, data })
    }
    case 'unreadable': {
      const { httpStatus, problem } = answer
      if (httpStatus === 401 || httpStatus === 403) throw new RelayRejectedError({ code: relayErrorCode.unauthorised, reason: `HTTP ${httpStatus}` })
      if (httpStatus === 429) throw new RelayRejectedError({ code: relayErrorCode.rateLimited, reason: `HTTP ${httpStatus}` })
      if (httpStatus >= 500) throw new RelayUnreachableError({ host, reason: `HTTP ${httpStatus}` })
      throw new RelayInvalidResponseError({ reason: `HTTP ${httpStatus}, ${problem}` })
    }
    default:
      return answer satisfies never
  }
}

const maxReasonLength = 500

/** A task's status that says why it was refused. */
const refusalSchema = v.looseObject({ status: v.literal(relayStatusCode.rejected) })

export function revertData(data: unknown) {
  return v.is(wireBytes, data) ? data : undefined
}
