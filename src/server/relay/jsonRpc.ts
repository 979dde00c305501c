import * as v from 'valibot'
import { relayErrorCode } from '../../execution/relayWire.js'
import { readBody } from './readBody.js'
import { RelayRpcError } from './relayRpcError.js'

/** @param client who asks, where that is known */
export type JsonRpcMethod = (params: unknown, client: string | undefined) => Promise<unknown>

export type JsonRpcParameters = {
  methods: ReadonlyMap<string, JsonRpcMethod>
  /** Throws a RelayRpcError for a caller who may not call. */
  authorise: (headers: Headers) => void
  /** Who asks. */
  clientOf: (request: Request) => string | undefined
  /** What GET answers with, at a path that ends in `/health`. */
  health: (mayKnow: boolean, headers: Record<string, string>) => Promise<Response>
  cors: string
  maxBodyBytes: number
  maxBodyMs: number
  /** Told of every refusal. */
  refused: (refusal: { method: string | undefined; code: number; httpStatus: number; reason: string }) => void
  onError: (error: unknown) => void
}

type JsonRpcResponse = { jsonrpc: '2.0'; id: string | number | null } & (
  | { result: unknown }
  | { error: { code: number; message: string; data?: unknown } }
)

const requestSchema = v.looseObject({
  jsonrpc: v.literal('2.0'),
  // A notification would be a transaction whose sender never learns what became of it.
  id: v.union([v.pipe(v.string(), v.maxLength(256)), v.number(), v.null()]),
  method: v.string(),
  params: v.optional(v.unknown(), []),
})

/** A response, and what HTTP says of it. */
type Answer = { response: JsonRpcResponse; httpStatus: number; retryAfterSeconds?: number | undefined }

/** JSON-RPC 2.0 over POST: single requests and batches. A refusal is an answer with HTTP's word for it; a batch of which something was done says 200. */
export function serveJsonRpc(parameters: JsonRpcParameters): (request: Request) => Promise<Response> {
  const { cors, maxBodyBytes, maxBodyMs } = parameters

  return async (request) => {
    const headers = corsHeaders(cors, request)
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (request.method === 'GET' && /\/health\/?$/.test(new URL(request.url).pathname)) return parameters.health(mayCall(request, parameters), headers)
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { ...headers, allow: 'POST, OPTIONS' } })
    try {
      const body = parseJson(await readBody(request, maxBodyBytes, maxBodyMs))
      if (!Array.isArray(body)) return respond(await answer(body, request, parameters), headers)
      return respondAll(await answerAll(body, request, parameters), headers)
    } catch (error) {
      return respond(failure(null, error, parameters), headers)
    }
  }
}

function respond({ response, httpStatus, retryAfterSeconds }: Answer, headers: Record<string, string>): Response {
  return Response.json(response, { status: httpStatus, headers: { ...headers, ...retryAfter(retryAfterSeconds), ...(httpStatus === 401 ? { 'www-authenticate': 'Bearer' } : {}) } })
}

function respondAll(answers: readonly Answer[], headers: Record<string, string>): Response {
  const [first] = answers
  const allRefused = answers.every(({ response }) => 'error' in response)
  const waits = answers.flatMap(({ retryAfterSeconds }) => (retryAfterSeconds === undefined ? [] : [retryAfterSeconds]))
  const init = { status: allRefused && first ? first.httpStatus : 200, headers: { ...headers, ...retryAfter(waits.length > 0 ? Math.max(...waits) : undefined) } }
  return Response.json(answers.map(({ response }) => response), init)
}

function retryAfter(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

const maxBatchRequests = 50

async function answerAll(body: readonly unknown[], request: Request, parameters: JsonRpcParameters): Promise<readonly Answer[]> {
  if (body.length === 0) throw new RelayRpcError(relayErrorCode.invalidRequest, 'The batch is empty.')
  if (body.length > maxBatchRequests) {
    throw new RelayRpcError(relayErrorCode.tooLarge, `The batch holds ${body.length} requests; at most ${maxBatchRequests} are answered.`)
  }
  return Promise.all(body.map((one) => answer(one, request, parameters)))
}

async function answer(body: unknown, http: Request, parameters: JsonRpcParameters): Promise<Answer> {
  const { methods, authorise, clientOf } = parameters
  const request = v.safeParse(requestSchema, body)
  if (!request.success) return failure(null, new RelayRpcError(relayErrorCode.invalidRequest, 'Not a JSON-RPC 2.0 request with an id.'), parameters)
  const { id, method, params } = request.output
  try {
    authorise(http.headers)
    const run = methods.get(method)
    if (!run) throw new RelayRpcError(relayErrorCode.methodNotFound, 'This relay has no such method.')
    return { response: { jsonrpc: '2.0', id, result: await run(params, clientOf(http)) }, httpStatus: 200 }
  } catch (error) {
    return failure(id, error, parameters, methods.has(method) ? method : undefined)
  }
}

function mayCall({ headers }: Request, { authorise }: JsonRpcParameters): boolean {
  try {
    authorise(headers)
    return true
  } catch {
    return false
  }
}

function failure(id: string | number | null, error: unknown, { onError, refused }: JsonRpcParameters, method?: string): Answer {
  if (!(error instanceof RelayRpcError) || error.code === relayErrorCode.internal) onError(error)
  const refusal = error instanceof RelayRpcError ? error : new RelayRpcError(relayErrorCode.internal, 'The relay failed.')
  const { code, shortMessage: message, data, httpStatus, retryAfterSeconds } = refusal
  if (code !== relayErrorCode.timeout) refused({ method, code, httpStatus, reason: message })
  return { response: { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }, httpStatus, retryAfterSeconds }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RelayRpcError(relayErrorCode.parse, 'The body is not JSON.')
  }
}

function corsHeaders(origin: string, request: Request): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'authorization, content-type, x-api-key',
    'access-control-expose-headers': 'retry-after',
    'access-control-max-age': '86400',
    vary: 'origin, access-control-request-headers',
  }
}
