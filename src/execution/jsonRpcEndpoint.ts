import * as v from 'valibot'
import { createRedact, type Redact } from './redact.js'
import { wireIssue } from './relayWire.js'

export type JsonRpcEndpointParameters = {
  url: string
  /** Travels as a bearer token. */
  apiKey?: string | undefined
  headers?: Record<string, string> | undefined
  fetch?: typeof globalThis.fetch | undefined
}

export type JsonRpcEndpoint = {
  host: string
  /** Strikes the endpoint's secrets out of what it answers. */
  redact: Redact
  /** @throws {NoAnswerError} */
  post(request: { method: string; params: unknown; timeoutMs: number }): Promise<JsonRpcAnswer>
}

export type JsonRpcAnswer = { httpStatus: number } & (
  | { type: 'result'; result: unknown }
  | { type: 'error'; error: { code: number; message: string; data?: unknown } }
  | { type: 'unreadable'; problem: string }
)

/** For whoever asked to say in their own words. */
export class NoAnswerError extends Error {
  readonly reason: string
  constructor({ reason, cause }: { reason: string; cause?: Error | undefined }) {
    super(reason, { cause })
    this.reason = reason
  }
}

/** The error for a url or a header that cannot be used. `who` is `relay`, `bundler`, … */
export type InvalidEndpoint = { who: string; error: (message: string, help?: string[]) => Error }

/** JSON-RPC over POST to exactly `url`. Its errors carry neither the key nor the URL's path, where keys also live. */
export function createJsonRpcEndpoint({ url, apiKey, headers, fetch: given }: JsonRpcEndpointParameters, invalid: InvalidEndpoint): JsonRpcEndpoint {
  const { host } = readUrl(url, invalid)
  const requestHeaders = readHeaders(
    {
      ...headers,
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    invalid,
  )
  let requestId = 0

  return {
    host,
    redact: createRedact([apiKey, ...Object.values(headers ?? {})]),
    async post({ method, params, timeoutMs }) {
      const signal = AbortSignal.timeout(timeoutMs)
      const body = JSON.stringify({ jsonrpc: '2.0', id: ++requestId, method, params })
      try {
        // Looked up at each call, so that a fetch installed later (an interceptor, a polyfill) is used.
        const response = await (given ?? globalThis.fetch)(url, { method: 'POST', headers: requestHeaders, body, signal })
        return { httpStatus: response.status, ...readAnswer(await response.text()) }
      } catch (cause) {
        const reason = signal.aborted ? `nothing within ${timeoutMs} ms` : 'the request failed'
        throw new NoAnswerError({ reason, cause: cause instanceof Error ? cause : undefined })
      }
    },
  }
}

const answerSchema = v.looseObject({
  result: v.optional(v.unknown()),
  error: v.nullish(v.looseObject({ code: v.number(), message: v.optional(v.string(), ''), data: v.optional(v.unknown()) })),
})

type Answer = JsonRpcAnswer extends infer answer ? (answer extends { type: string } ? Omit<answer, 'httpStatus'> : never) : never

function readAnswer(text: string): Answer {
  const answer = v.safeParse(answerSchema, parseJson(text))
  if (!answer.success) return { type: 'unreadable', problem: wireIssue(answer.issues) }
  const { error } = answer.output
  if (error) return { type: 'error', error }
  return 'result' in answer.output ? { type: 'result', result: answer.output.result } : { type: 'unreadable', problem: 'no result' }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readUrl(url: string, { who, error }: InvalidEndpoint): URL {
  // The parser's own message repeats what it was given.
  if (!URL.canParse(url)) throw error(`The ${who}'s url is not an absolute URL.`)
  const parsed = new URL(url)
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') throw error(`The ${who}'s url must be http or https.`)
  if (parsed.username || parsed.password) {
    throw error(`The ${who}'s url holds a user name or a password, which fetch refuses.`, ['Use apiKey or headers.'])
  }
  return parsed
}

function readHeaders(init: Record<string, string>, { who, error }: InvalidEndpoint): Headers {
  try {
    return new Headers(init)
  } catch {
    throw error(`The ${who}'s apiKey or headers hold characters that an HTTP header cannot.`)
  }
}
