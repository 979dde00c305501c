import type { SessionDefinition } from '../permissions/defineSession.js'
import { readEnrolmentStatus, type EnrolmentStatus } from '../sessions/enrolmentWire.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import type { NotConnectedError } from './configErrors.js'
import { serverSessionWanted } from './grantServerSession.js'
import { askServer } from './askServer.js'
import { enrolmentProtocol } from './enrolmentProtocol.js'
import type { ServerEndpoint } from './serverEndpoint.js'
import type { ServerRefusedSessionError, ServerUnreachableError } from './serverErrors.js'

export type GetServerSessionParameters = { endpoint: ServerEndpoint; session: SessionDefinition }
export type GetServerSessionReturnType = EnrolmentStatus
export type GetServerSessionErrorType = NotConnectedError | ServerRefusedSessionError | ServerUnreachableError

/** What the server has of the connected account: its newest session of that definition. Prompts nobody. */
export async function getServerSession(config: SessionKeyConfig, { endpoint, session }: GetServerSessionParameters): Promise<GetServerSessionReturnType> {
  return askServer(enrolmentProtocol, endpoint, { action: 'status', ...serverSessionWanted(config, session) }, readEnrolmentStatus)
}
