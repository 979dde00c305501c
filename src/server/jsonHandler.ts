import { quietly } from '../errors/quietly.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { EnrolmentFault } from '../sessions/enrolmentWire.js'
import { toJsonText } from '../sessions/jsonText.js'
import type { RefusedError } from './refusedError.js'
import { readBody } from './relay/readBody.js'

/** What every handler of messages refuses by itself. */
export type MessageRefusal = 'not-authenticated' | 'not-readable' | 'too-large'

export type JsonHandlerParameters<user, message, reason extends string> = {
  authenticate: (request: Request) => user | undefined | Promise<user | undefined>
  read: (text: string) => message | undefined
  answer: (user: user, message: message) => Promise<unknown>
  /** The protocol's own error for a refusal. */
  Refused: new (reason: MessageRefusal, message: string, cause?: Error) => RefusedError<reason>
  /** The HTTP status of each reason. */
  statuses: Record<reason | MessageRefusal, number>
  maxBodyBytes: number
  corsOrigin: string | undefined
  onError: (error: unknown) => void
}

/** A Fetch handler of one protocol: each message is one POST of JSON by somebody who is signed in, and so is each answer. */
export function jsonHandler<user, message, reason extends string>(parameters: JsonHandlerParameters<user, message, reason>): (request: Request) => Promise<Response> {
  const { authenticate, read, answer, Refused, statuses, maxBodyBytes, corsOrigin, onError } = parameters

  async function answerTo(request: Request): Promise<unknown> {
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
      // A form of another site can be sent with the user's cookies, but not as JSON without asking first.
      throw new Refused('not-readable', 'The content type must be application/json.')
    }
    const user = await authenticate(request)
    if (!user) throw new Refused('not-authenticated', 'Nobody is signed in.')
    const text = await readBody(request, maxBodyBytes).catch((cause: Error): never => {
      throw new Refused('too-large', `The body is larger than ${maxBodyBytes} bytes.`, cause)
    })
    const message = read(text)
    if (!message) throw new Refused('not-readable', 'The body is no message of this protocol.')
    return answer(user, message)
  }

  function faultOf(error: unknown): { status: number; fault: EnrolmentFault } {
    if (error instanceof Refused) {
      const { name, reason, shortMessage: message } = error
      return { status: statuses[reason], fault: { error: { name, reason, message } } }
    }
    // Nodes name URLs and keys in what they say.
    const name = error instanceof SessionKeyError ? error.name : 'Error'
    return { status: 500, fault: { error: { name, message: 'The server failed.' } } }
  }

  return async (request) => {
    const headers = headersFor(corsOrigin, request)
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { ...headers, allow: 'POST, OPTIONS' } })
    try {
      return new Response(toJsonText(await answerTo(request)), { headers })
    } catch (error) {
      const { status, fault } = faultOf(error)
      if (status === 500) quietly(() => onError(error))
      return new Response(JSON.stringify(fault), { status, headers })
    }
  }
}

function headersFor(corsOrigin: string | undefined, request: Request): Record<string, string> {
  return {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(corsOrigin === undefined
      ? {}
      : {
          'access-control-allow-origin': corsOrigin,
          'access-control-allow-credentials': 'true',
          'access-control-allow-methods': 'POST, OPTIONS',
          'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? 'authorization, content-type',
          vary: 'origin, access-control-request-headers',
        }),
  }
}
