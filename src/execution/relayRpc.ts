import * as v from 'valibot'
import { InvalidRelayConfigError, RelayInvalidResponseError, RelayRejectedError, RelaySimulationError, RelayUnreachableError } from './relayErrors.js'
import { createRedact, type Redact } from './redact.js'
import { relayErrorCode, relayStatusCode, wireBytes, wireIssue } from './relayWire.js'

export type RelayRpcParameters = {
  url: string
  apiKey?: string | undefined
  headers?: Record<string, string> | undefined
  fetch?: typeof globalThis.fetch | undefined
}

export type RelayRpc = (request: { method: string; params: unknown; timeoutMs: number }) => Promise<unknown>

/** JSON-RPC over POST to exactly `url`. Its errors carry neither the key nor the URL's path, where keys also live. */
export function createRelayRpc({ url, apiKey, headers, fetch: given }: RelayRpcParameters): RelayRpc {
  const { host } = readUrl(url)
  const redact = createRedact([apiKey, ...Object.values(headers ?? {})])
  const requestHeaders = readHeaders({
    ...headers,
    'content-type': 'application/json',
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  })
  let requestId = 0

  return async ({ method, params, timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const body = JSON.stringify({ jsonrpc: '2.0', id: ++requestId, method, params })
    let httpStatus: number
    let text: string
    try {
      // Looked up at each call, so that a fetch installed later (an interceptor, a polyfill) is used.
      const response = await (given ?? globalThis.fetch)(url, { method: 'POST', headers: requestHeaders, body, signal })
      httpStatus = response.status
      text = await response.text()
    } catch (cause) {
      const reason = signal.aborted ? `nothing within ${timeoutMs} ms` : 'the request failed'
      throw new RelayUnreachableError({ host, reason, cause: cause instanceof Error ? cause : undefined })
    }
    return readResponse({ httpStatus, text, host, redact })
  }
}

const responseSchema = v.looseObject({
  result: v.optional(v.unknown()),
  error: v.nullish(v.looseObject({ code: v.number(), message: v.optional(v.string(), ''), data: v.optional(v.unknown()) })),
})

type RelayResponse = { httpStatus: number; text: string; host: string; redact: Redact }

function readResponse({ httpStatus, text, host, redact }: RelayResponse): unknown {
  const response = v.safeParse(responseSchema, parseJson(text))
  const answered = response.success && (response.output.error || 'result' in response.output)
  if (!answered) {
    if (httpStatus === 401 || httpStatus === 403) throw new RelayRejectedError({ code: relayErrorCode.unauthorised, reason: `HTTP ${httpStatus}` })
    if (httpStatus === 429) throw new RelayRejectedError({ code: relayErrorCode.rateLimited, reason: `HTTP ${httpStatus}` })
    if (httpStatus >= 500) throw new RelayUnreachableError({ host, reason: `HTTP ${httpStatus}` })
    throw new RelayInvalidResponseError({ reason: response.success ? `HTTP ${httpStatus}, no result` : `HTTP ${httpStatus}, ${wireIssue(response.issues)}` })
  }
  const { error, result } = response.output
  if (!error) return v.is(refusalSchema, result) ? { ...result, message: redact(result.message), data: redact(result.data) } : result
  const { code } = error
  const data = redact(error.data)
  const reason = redact(error.message).slice(0, maxReasonLength)
  if (code === relayErrorCode.simulationFailed) throw new RelaySimulationError({ data: revertData(data), reason })
  throw new RelayRejectedError({ code, reason, data })
}

const maxReasonLength = 500

/** A task's status that says why it was refused. */
const refusalSchema = v.looseObject({ status: v.literal(relayStatusCode.rejected) })

export function revertData(data: unknown) {
  return v.is(wireBytes, data) ? data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readUrl(url: string): URL {
  // The parser's own message repeats what it was given.
  if (!URL.canParse(url)) throw new InvalidRelayConfigError("The relay's url is not an absolute URL.")
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') throw new InvalidRelayConfigError("The relay's url must be http or https.")
  if (parsed.username || parsed.password) {
    throw new InvalidRelayConfigError("The relay's url holds a user name or a password, which fetch refuses.", { metaMessages: ['Use apiKey or headers.'] })
  }
  return parsed
}

function readHeaders(init: Record<string, string>): Headers {
  try {
    return new Headers(init)
  } catch {
    throw new InvalidRelayConfigError("The relay's apiKey or headers hold characters that an HTTP header cannot.")
  }
}
