import * as v from 'valibot'
import { relayErrorCode } from '../../execution/relayWire.js'
import { readBody } from './readBody.js'
import { RelayRpcError } from './relayRpcError.js'

export type JsonRpcMethod = (params: unknown) => Promise<unknown>

export type JsonRpcParameters = {
  methods: ReadonlyMap<string, JsonRpcMethod>
  /** Throws a RelayRpcError for a caller who may not call. */
  authorise: (headers: Headers) => void
  cors: string
  maxBodyBytes: number
  onError: (error: unknown) => void
}

type JsonRpcResponse = { jsonrpc: '2.0'; id: string | number | null } & (
  | { result: unknown }
  | { error: { code: number; message: string; data?: unknown } }
)

const requestSchema = v.looseObject({
  jsonrpc: v.literal('2.0'),
  // A notification would be a transaction whose sender never learns what became of it.
  id: v.union([v.string(), v.number(), v.null()]),
  method: v.string(),
  params: v.optional(v.unknown(), []),
})

/** JSON-RPC 2.0 over POST: single requests and batches. Refusals are answers, so HTTP says 200. */
export function serveJsonRpc(parameters: JsonRpcParameters): (request: Request) => Promise<Response> {
  const { cors, maxBodyBytes } = parameters

  return async (request) => {
    const headers = corsHeaders(cors, request)
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { ...headers, allow: 'POST, OPTIONS' } })
    try {
      const body = parseJson(await readBody(request, maxBodyBytes))
      return Response.json(await answerAll(body, request.headers, parameters), { headers })
    } catch (error) {
      return Response.json(failure(null, error, parameters.onError), { headers })
    }
  }
}

const maxBatchRequests = 50

async function answerAll(body: unknown, headers: Headers, parameters: JsonRpcParameters): Promise<JsonRpcResponse | JsonRpcResponse[]> {
  if (!Array.isArray(body)) return answer(body, headers, parameters)
  if (body.length === 0) throw new RelayRpcError(relayErrorCode.invalidRequest, 'The batch is empty.')
  if (body.length > maxBatchRequests) {
    throw new RelayRpcError(relayErrorCode.tooLarge, `The batch holds ${body.length} requests; at most ${maxBatchRequests} are answered.`)
  }
  return Promise.all(body.map((request) => answer(request, headers, parameters)))
}

async function answer(body: unknown, headers: Headers, { methods, authorise, onError }: JsonRpcParameters): Promise<JsonRpcResponse> {
  const request = v.safeParse(requestSchema, body)
  if (!request.success) return failure(null, new RelayRpcError(relayErrorCode.invalidRequest, 'Not a JSON-RPC 2.0 request with an id.'), onError)
  const { id, method, params } = request.output
  try {
    authorise(headers)
    const run = methods.get(method)
    if (!run) throw new RelayRpcError(relayErrorCode.methodNotFound, 'This relay has no such method.')
    return { jsonrpc: '2.0', id, result: await run(params) }
  } catch (error) {
    return failure(id, error, onError)
  }
}

function failure(id: string | number | null, error: unknown, onError: (error: unknown) => void): JsonRpcResponse {
  if (error instanceof RelayRpcError) {
    if (error.code === relayErrorCode.internal) onError(error)
    const { code, shortMessage: message, data } = error
    return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
  }
  onError(error)
  return { jsonrpc: '2.0', id, error: { code: relayErrorCode.internal, message: 'The relay failed.' } }
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
    'access-control-allow-methods': 'POST, OPTIONS',
    'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'authorization, content-type, x-api-key',
    'access-control-max-age': '86400',
    vary: 'origin, access-control-request-headers',
  }
}
