import type { ServerJobs, ServerNextRun, ServerRun } from '../../sessions/activityWire.js'
import type { SessionId } from '../../sessions/session.js'

export type RunPage<run = ServerRun> = { runs: readonly run[]; after?: string | undefined }
export type PageWanted = { limit: number; after?: string | undefined }

/** Where it is read what a server did: from its automation, or from what its agent wrote down. */
export type RunSource = {
  ofSession(session: SessionId, page: PageWanted): Promise<RunPage & { jobs: ServerJobs }>
  jobs(session: SessionId): Promise<ServerJobs>
  next(session: SessionId): Promise<readonly ServerNextRun[]>
}
