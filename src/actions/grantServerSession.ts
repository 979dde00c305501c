import { isAddressEqual } from 'viem'
import { isDelegated } from '../delegation/grantedPermission.js'
import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import { hashPermissions } from '../permissions/hashPermissions.js'
import { readAddressOffer, readEnrolledSession, type EnrolledSession, type SessionWanted, type WireGrant } from '../sessions/enrolmentWire.js'
import type { Session } from '../sessions/session.js'
import { usableStatuses } from '../sessions/status.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { grantPermissions, type GrantPermissionsErrorType } from './grantPermissions.js'
import { shownStatus } from './getSessionKey.js'
import { askServer } from './askServer.js'
import { enrolmentProtocol } from './enrolmentProtocol.js'
import type { ServerEndpoint } from './serverEndpoint.js'
import type { ServerRefusedSessionError, ServerUnreachableError } from './serverErrors.js'

/** What is being done: the server is asked for its address · the wallet for the grant · the server to take it. */
export type ServerSessionStep = 'address' | 'grant' | 'enrol'

export type GrantServerSessionParameters = {
  endpoint: ServerEndpoint
  session: SessionDefinition
  /** Called before each step. */
  onStep?: ((step: ServerSessionStep) => void) | undefined
}

export type GrantServerSessionReturnType = {
  /** As this browser has it. */
  session: Session
  /** As the server has it. */
  enrolled: EnrolledSession
}

export type GrantServerSessionErrorType = GrantPermissionsErrorType | ServerRefusedSessionError | ServerUnreachableError

/**
 * Has a server act for the user: asks it for the address of its key, asks the wallet to grant to that address, and hands over what was granted.
 * Where the server did not take it the last time, what was granted then is handed over, and nobody is asked again.
 *
 * @throws {ServerRefusedSessionError} `reason` says why; what the wallet granted stands until it is revoked
 * @throws {ServerUnreachableError} the same again goes on from there
 */
export async function grantServerSession(config: SessionKeyConfig, { endpoint, session: definition, onStep }: GrantServerSessionParameters): Promise<GrantServerSessionReturnType> {
  const wanted = serverSessionWanted(config, definition)
  onStep?.('address')
  const { address } = await askServer(enrolmentProtocol, endpoint, { action: 'address', ...wanted }, (text) => {
    const offer = readAddressOffer(text)
    // An address for somebody else would be one that this server cannot act with.
    const isOurs = offer && offer.session === wanted.session && offer.chainId === wanted.chainId && isAddressEqual(offer.account, wanted.account)
    return isOurs ? offer : undefined
  })

  const kept = await grantedBefore(config, { ...wanted, address })
  if (!kept) onStep?.('grant')
  const session = kept ?? (await grantPermissions(config, { ...definition, chainId: wanted.chainId, key: { address } })).session

  onStep?.('enrol')
  const granted = session.granted.filter(isDelegated).map(({ permission, context, delegationManager }): WireGrant => ({ permission, context, delegationManager }))
  const enrolled = await askServer(enrolmentProtocol, endpoint, { action: 'enrol', ...wanted, granted, expiry: session.grantedExpiry ?? session.expiry }, readEnrolledSession)
  return { session, enrolled }
}

/** The definition as the two sides speak of it, for the connected account. @throws {NotConnectedError} */
export function serverSessionWanted(config: SessionKeyConfig, definition: SessionDefinition): SessionWanted {
  const { account, chainId } = requireConnection(config)
  const { name = defaultSessionName, permissions } = definition
  return { session: name, chainId: definition.chainId ?? chainId, account, permissionsHash: hashPermissions(permissions) }
}

/** A grant to that very key, of that very definition, which is still good. */
async function grantedBefore(config: SessionKeyConfig, { session: name, chainId, account, permissionsHash, address }: SessionWanted & { address: Session['address'] }): Promise<Session | undefined> {
  const sessions = await config.sessions.find({ account, statuses: usableStatuses })
  return sessions.find(
    (session) =>
      session.name === name &&
      session.chainId === chainId &&
      session.permissionsHash === permissionsHash &&
      isAddressEqual(session.address, address) &&
      shownStatus(session, config.sessions.chainTime(chainId)) !== 'expired',
  )
}
