import { defaultSessionName, type SessionDefinition } from '../permissions/defineSession.js'
import { readServerActivity, type ServerActivity, type SessionNamed } from '../sessions/activityWire.js'
import { enrolledIdOf } from '../sessions/enrolledId.js'
import type { Session } from '../sessions/session.js'
import { activityProtocol } from './activityProtocol.js'
import { askServer } from './askServer.js'
import type { NotConnectedError } from './configErrors.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { ServerEndpoint } from './serverEndpoint.js'
import type { ServerRefusedActivityError, ServerUnreachableError } from './serverErrors.js'

export type GetServerActivityParameters = {
  /** Where the app's server has `createStatusHandler(…).handler`. */
  endpoint: ServerEndpoint
  /** A definition: the connected account's newest session of it that the server has. A stored session: that very one. */
  session: SessionDefinition | Session
  /** Also what is left of each limit, as the server reads it from the chain. @default false */
  usage?: boolean | undefined
  /** How many runs, at most: up to 100. @default 20 */
  limit?: number | undefined
  /** Those after this one: `after` of the answer before. */
  after?: string | undefined
}

export type GetServerActivityReturnType = ServerActivity
export type GetServerActivityErrorType = NotConnectedError | ServerRefusedActivityError | ServerUnreachableError

/** What the server did with a session, the newest first, and what it does next. Prompts nobody. */
export async function getServerActivity(config: SessionKeyConfig, { endpoint, session, usage, limit, after }: GetServerActivityParameters): Promise<GetServerActivityReturnType> {
  const of = sessionNamed(config, session)
  return of ? askServer(activityProtocol, endpoint, { action: 'activity', of, usage, limit, after }, readServerActivity) : nothing
}

const nothing: ServerActivity = { runs: [], next: [], jobs: { due: 0, done: 0, nothing: 0, missed: 0, 'over-budget': 0, ended: 0, failed: 0 } }

/** As the server calls it; undefined where it cannot have it, because what was granted is no delegation. */
function sessionNamed(config: SessionKeyConfig, session: SessionDefinition | Session): SessionNamed | undefined {
  if (isStored(session)) {
    const id = enrolledIdOf(session)
    return id === undefined ? undefined : { id, account: session.account }
  }
  const { account, chainId } = requireConnection(config)
  return { session: session.name ?? defaultSessionName, chainId: session.chainId ?? chainId, account }
}

function isStored(session: SessionDefinition | Session): session is Session {
  return 'rev' in session
}
