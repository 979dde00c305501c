import { readServerSessions, type ServerSessions } from '../sessions/activityWire.js'
import { activityProtocol } from './activityProtocol.js'
import { askServer } from './askServer.js'
import type { NotConnectedError } from './configErrors.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { ServerEndpoint } from './serverEndpoint.js'
import type { ServerRefusedActivityError, ServerUnreachableError } from './serverErrors.js'

export type GetServerSessionsParameters = {
  /** Where the app's server has `createStatusHandler(…).handler`. */
  endpoint: ServerEndpoint
  /** How many, at most: up to 100. @default 20 */
  limit?: number | undefined
  /** Those after this one: `after` of the answer before. */
  after?: string | undefined
}

export type GetServerSessionsReturnType = ServerSessions
export type GetServerSessionsErrorType = NotConnectedError | ServerRefusedActivityError | ServerUnreachableError

/** The sessions of the connected account that the server has, the newest first, each with its jobs and what it does next. */
export async function getServerSessions(config: SessionKeyConfig, { endpoint, limit, after }: GetServerSessionsParameters): Promise<GetServerSessionsReturnType> {
  const { account } = requireConnection(config)
  return askServer(activityProtocol, endpoint, { action: 'sessions', account, limit, after }, readServerSessions)
}
