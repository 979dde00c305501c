import { getAddress, isAddressEqual } from 'viem'
import { quietly } from '../errors/quietly.js'
import { readEnrolmentRequest, type AddressOffer, type EnrolledSession, type EnrolmentRequest, type EnrolmentStatus } from '../sessions/enrolmentWire.js'
import type { Session } from '../sessions/session.js'
import { findDefinition, type DefinitionSource, type EnrolmentUser } from './enrolment/askedTerms.js'
import { enrol } from './enrolment/enrol.js'
import { EnrolmentRefusedError, enrolmentRefusals } from './enrolment/refusal.js'
import { newestOf, shownSession } from './enrolment/shownSession.js'
import { jsonHandler } from './jsonHandler.js'
import { openServer, type ServerParameters } from './openServer.js'

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
      return shownSession(session)
    },
    async status(user, wanted) {
      await findDefinition({ definitions, user, wanted, chainIds })
      const address = await server.keys.knownAddressOf(user.id)
      if (!address) return {}
      const sessions = await server.sessions.find({ account: wanted.account })
      const session = newestOf(
        sessions.filter((one) => isAddressEqual(one.address, address)),
        wanted,
      )
      return session ? { session: shownSession(session) } : {}
    },
  }

  async function tell(enrolled: { session: Session; user: EnrolmentUser }): Promise<void> {
    try {
      await onEnrolled?.(enrolled)
    } catch (error) {
      quietly(() => onError(error))
    }
  }

  async function answer(user: EnrolmentUser, message: EnrolmentRequest): Promise<unknown> {
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

  const handler = jsonHandler({
    authenticate,
    read: readEnrolmentRequest,
    answer,
    Refused: EnrolmentRefusedError,
    statuses: enrolmentRefusals,
    maxBodyBytes,
    corsOrigin,
    onError,
  })

  return { handler, ...enrolment }
}

const maxBodyBytes = 512_000
