import { getAddress, isAddressEqual } from 'viem'
import { quietly } from '../errors/quietly.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { readEnrolmentRequest, type AddressOffer, type EnrolledSession, type EnrolmentFault, type EnrolmentRequest, type EnrolmentStatus } from '../sessions/enrolmentWire.js'
import { toJsonText } from '../sessions/jsonText.js'
import type { Session } from '../sessions/session.js'
import { endedStatuses } from '../sessions/status.js'
import { findDefinition, type DefinitionSource, type EnrolmentUser } from './enrolment/askedTerms.js'
import { enrol } from './enrolment/enrol.js'
import { EnrolmentRefusedError, enrolmentRefusals } from './enrolment/refusal.js'
import { openServer, type ServerParameters } from './openServer.js'
import { readBody } from './relay/readBody.js'

export type CreateEnrolmentParameters = ServerParameters & {
  /** What users may be asked for: the same definitions as the page has, or a function that finds the one of a name. */
  definitions: DefinitionSource
  /** The app's own authentication. Undefined: nobody is signed in. Its answer says whose key it is; leave the request's body unread. */
  authenticate: (request: Request) => EnrolmentUser | undefined | Promise<EnrolmentUser | undefined>
  /** A session is there to act with. Called after it is stored; not again for the same grant. */
  onEnrolled?: ((enrolled: { session: Session; user: EnrolmentUser }) => void | Promise<void>) | undefined
  /** Of a page on another origin, which may then send its cookies: `https://app.example`. @default same origin only */
  corsOrigin?: string | undefined
  /** What went wrong with the node, the store or the app's own functions, for the operator's log; callers are not told. */
  onError?: ((error: unknown) => void) | undefined
}

type Wanted<action> = Omit<Extract<EnrolmentRequest, { action: action }>, 'action'>

export type Enrolment = {
  /** A Fetch handler for all three: POST, JSON. Mount it at any path behind the app's own routing. */
  handler: (request: Request) => Promise<Response>
  /** "Give me the address to grant to." Stores nothing but the user's key. @throws {EnrolmentRefusedError} */
  address: (user: EnrolmentUser, wanted: Wanted<'address'>) => Promise<AddressOffer>
  /** "Here is what was granted." @throws {EnrolmentRefusedError} nothing was stored */
  enrol: (user: EnrolmentUser, wanted: Wanted<'enrol'>) => Promise<EnrolledSession>
  /** The user's newest session of that definition. */
  status: (user: EnrolmentUser, wanted: Wanted<'status'>) => Promise<EnrolmentStatus>
}

/**
 * Lets users give a server sessions to act with. The page asks for the address of the user's own key, has the wallet grant to it, and hands over
 * what was granted; of that the server believes nothing that it has not found signed, asked for and on the chain.
 */
export function createEnrolment(parameters: CreateEnrolmentParameters): Enrolment {
  const { definitions, authenticate, onEnrolled, corsOrigin, onError = () => undefined } = parameters
  const server = openServer(parameters)
  const chainIds = server.wagmi.chains.map(({ id }) => id)

  const enrolment: Omit<Enrolment, 'handler'> = {
    async address(user, wanted) {
      await findDefinition({ definitions, user, wanted, chainIds })
      const { session, chainId, permissionsHash } = wanted
      return { address: await server.keys.addressOf(user.id), session, chainId, account: getAddress(wanted.account), permissionsHash }
    },
    async enrol(user, wanted) {
      const { session, isNew } = await enrol(server, { definitions, user, wanted: { action: 'enrol', ...wanted } })
      // The session is stored, whatever the app makes of it.
      if (isNew) await tell({ session, user })
      return shown(session)
    },
    async status(user, wanted) {
      await findDefinition({ definitions, user, wanted, chainIds })
      const address = await server.keys.addressOf(user.id)
      const sessions = await server.sessions.find({ account: wanted.account })
      const own = sessions.filter(
        (one) => isAddressEqual(one.address, address) && one.chainId === wanted.chainId && one.name === wanted.session && one.status !== 'requested' && one.status !== 'granted',
      )
      const session = own.find(({ status }) => !endedStatuses.includes(status)) ?? own[0]
      return session ? { session: shown(session) } : {}
    },
  }

  async function tell(enrolled: { session: Session; user: EnrolmentUser }): Promise<void> {
    try {
      await onEnrolled?.(enrolled)
    } catch (error) {
      quietly(() => onError(error))
    }
  }

  async function answer(request: Request): Promise<unknown> {
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
      // A form of another site can be sent with the user's cookies, but not as JSON without asking first.
      throw new EnrolmentRefusedError('not-readable', 'The content type must be application/json.')
    }
    const user = await authenticate(request)
    if (!user) throw new EnrolmentRefusedError('not-authenticated', 'Nobody is signed in.')
    const text = await readBody(request, maxBodyBytes).catch((cause: Error): never => {
      throw new EnrolmentRefusedError('too-large', `The body is larger than ${maxBodyBytes} bytes.`, cause)
    })
    const message = readEnrolmentRequest(text)
    if (!message) throw new EnrolmentRefusedError('not-readable', 'The body is no message of this protocol.')
    switch (message.action) {
      case 'address':
        return enrolment.address(user, message)
      case 'enrol':
        return enrolment.enrol(user, message)
      case 'status':
        return enrolment.status(user, message)
      default:
        return message satisfies never
    }
  }

  async function handler(request: Request): Promise<Response> {
    const headers = headersFor(corsOrigin, request)
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { ...headers, allow: 'POST, OPTIONS' } })
    try {
      return new Response(toJsonText(await answer(request)), { headers })
    } catch (error) {
      const { status, fault } = faultOf(error)
      if (status === 500) quietly(() => onError(error))
      return new Response(JSON.stringify(fault), { status, headers })
    }
  }

  return { handler, ...enrolment }
}

const maxBodyBytes = 512_000

function faultOf(error: unknown): { status: number; fault: EnrolmentFault } {
  if (error instanceof EnrolmentRefusedError) {
    const { name, reason, shortMessage: message } = error
    return { status: enrolmentRefusals[reason], fault: { error: { name, reason, message } } }
  }
  // Nodes name URLs and keys in what they say.
  const name = error instanceof SessionKeyError ? error.name : 'Error'
  return { status: 500, fault: { error: { name, message: 'The server failed.' } } }
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

function shown({ id, status, address, account, chainId, expiry }: Session): EnrolledSession {
  return { id, status, address, account, chainId, expiry }
}
