import { readServerOverview, type ServerOverview } from '../sessions/activityWire.js'
import { activityProtocol } from './activityProtocol.js'
import { askServer } from './askServer.js'
import type { ServerEndpoint } from './serverEndpoint.js'
import type { ServerRefusedActivityError, ServerUnreachableError } from './serverErrors.js'

export type GetServerOverviewParameters = {
  /** Where the app's server has `createStatusHandler(…).handler`. */
  endpoint: ServerEndpoint
  /** How many dead letters, and how many next runs, at most: up to 100. @default 20 */
  limit?: number | undefined
  /** Dead letters after this one: `after` of the answer before. */
  after?: string | undefined
}

export type GetServerOverviewReturnType = ServerOverview
export type GetServerOverviewErrorType = ServerRefusedActivityError | ServerUnreachableError

/** All sessions of a server together, for whom its `authenticate` calls an operator. Needs neither wallet nor config. */
export async function getServerOverview({ endpoint, limit, after }: GetServerOverviewParameters): Promise<GetServerOverviewReturnType> {
  return askServer(activityProtocol, endpoint, { action: 'overview', limit, after }, readServerOverview)
}
