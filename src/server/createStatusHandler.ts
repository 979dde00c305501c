import { isAddressEqual, type Address } from 'viem'
import { quietly } from '../errors/quietly.js'
import {
  readActivityRequest,
  serverRunStatuses,
  usuallyListed,
  type ActivityRequest,
  type ServerActivity,
  type ServerJobs,
  type ServerOverview,
  type ServerRun,
  type ServerSessions,
  type ServerSessionSeen,
  type ServerUsage,
} from '../sessions/activityWire.js'
import type { Session } from '../sessions/session.js'
import type { SessionAgent } from './createSessionAgent.js'
import type { EnrolmentUser } from './enrolment/askedTerms.js'
import { isEnrolled, newestOf, shownSession } from './enrolment/shownSession.js'
import { jsonHandler } from './jsonHandler.js'
import { automationRuns, type SeenAutomation } from './status/automationRuns.js'
import { intentRuns } from './status/intentRuns.js'
import { StatusRefusedError, statusRefusals } from './status/refusal.js'
import type { RunSource } from './status/runSource.js'

/** Who may see what: a user their own sessions, an operator all of them, and what goes wrong in the words of the error. */
export type StatusViewer = (EnrolmentUser & { operator?: false | undefined }) | { operator: true }

export type CreateStatusHandlerParameters = {
  agent: Pick<SessionAgent, 'sessions' | 'intents' | 'usage'>
  /** Its runs, and what is due next. Left out: what `agent` was told to send is shown. */
  automation?: SeenAutomation | undefined
  /**
   * The app's own authentication. Undefined: nobody is signed in. Its answer says whose sessions are shown, by the same `id` as at the enrolment;
   * or `{ operator: true }`, which shows everybody's: answer that only for whom the app itself has authorised. Leave the request's body unread.
   */
  authenticate: (request: Request) => StatusViewer | undefined | Promise<StatusViewer | undefined>
  /** Of a page on another origin, which may then send its cookies: `https://app.example`. @default same origin only */
  corsOrigin?: string | undefined
  /** What went wrong with the node, the store or the app's own functions, for the operator's log; callers are not told. */
  onError?: ((error: unknown) => void) | undefined
}

type Wanted<action> = Omit<Extract<ActivityRequest, { action: action }>, 'action'>

export type StatusHandler = {
  /** A Fetch handler for all three: POST, JSON. Mount it at any path behind the app's own routing. It changes nothing. */
  handler: (request: Request) => Promise<Response>
  /** One session: what it did, page by page, what is due next, and what is left. @throws {StatusRefusedError} */
  activity: (viewer: StatusViewer, wanted: Wanted<'activity'>) => Promise<ServerActivity>
  /** The sessions of an account, the newest first. @throws {StatusRefusedError} */
  sessions: (viewer: StatusViewer, wanted: Wanted<'sessions'>) => Promise<ServerSessions>
  /** All sessions together: jobs by status, what is due next, dead letters. @throws {StatusRefusedError} not an operator */
  overview: (viewer: StatusViewer, wanted?: Wanted<'overview'>) => Promise<ServerOverview>
}

/** Shows users what the server does for them, for `useServerActivity` and `SessionKeyCard`; and operators how all of it is. */
export function createStatusHandler(parameters: CreateStatusHandlerParameters): StatusHandler {
  const { agent, automation, authenticate, corsOrigin, onError = () => undefined } = parameters
  const automated = automation && automationRuns(automation)
  const source: RunSource = automated ?? intentRuns(agent)

  /** Those of the account that the viewer may see, the newest first. */
  async function seenBy(viewer: StatusViewer, account: Address): Promise<readonly Session[]> {
    if (viewer.operator) return agent.sessions({ account })
    if (viewer.accounts && !viewer.accounts.some((one) => isAddressEqual(one, account))) {
      throw new StatusRefusedError('other-account', `${account} is not an account of this user.`)
    }
    return agent.sessions({ user: viewer.id, account })
  }

  async function usageOf({ id }: Session): Promise<{ usage?: ServerUsage }> {
    try {
      return { usage: await agent.usage(id) }
    } catch (error) {
      // What was done is known, whether the chain answers now or not.
      quietly(() => onError(error))
      return {}
    }
  }

  const status: Omit<StatusHandler, 'handler'> = {
    async activity(viewer, { of, usage = false, limit = usuallyListed, after }) {
      const sessions = (await seenBy(viewer, of.account)).filter(isEnrolled)
      const session = 'id' in of ? sessions.find(({ id }) => id === of.id) : newestOf(sessions, of)
      // That of somebody else is answered as one that is not there.
      if (!session) return { runs: [], next: [], jobs: noJobs }
      const [page, next, left] = await Promise.all([
        source.ofSession(session.id, { limit, after }),
        source.next(session.id),
        usage ? usageOf(session) : {},
      ])
      return { session: seen(session), runs: page.runs.map((run) => shownRun(run, viewer)), ...(page.after === undefined ? {} : { after: page.after }), next, jobs: page.jobs, ...left }
    },
    async sessions(viewer, { account, limit = usuallyListed, after }) {
      const sessions = (await seenBy(viewer, account)).filter(isEnrolled)
      const begin = after === undefined ? 0 : sessions.findIndex(({ id }) => id === after) + 1
      const shown = sessions.slice(begin, begin + limit)
      const entries = await Promise.all(
        shown.map(async (session) => {
          const [next, jobs] = await Promise.all([source.next(session.id), source.jobs(session.id)])
          return { session: seen(session), next, jobs }
        }),
      )
      return { sessions: entries, ...(begin + limit < sessions.length ? { after: shown.at(-1)?.id } : {}) }
    },
    async overview(viewer, { limit = usuallyListed, after } = {}) {
      if (!viewer.operator) throw new StatusRefusedError('not-operator', 'This is for operators.')
      if (!automated) throw new StatusRefusedError('no-automation', 'This server has no automation.')
      const [jobs, next, failed] = await Promise.all([automated.allJobs(), automated.allNext(limit), automated.failed({ limit, after })])
      return { jobs, next, failed: failed.runs, ...(failed.after === undefined ? {} : { after: failed.after }) }
    },
  }

  async function answer(viewer: StatusViewer, message: ActivityRequest): Promise<unknown> {
    switch (message.action) {
      case 'activity':
        return status.activity(viewer, message)
      case 'sessions':
        return status.sessions(viewer, message)
      case 'overview':
        return status.overview(viewer, message)
      default:
        return message satisfies never
    }
  }

  const handler = jsonHandler({
    authenticate,
    read: readActivityRequest,
    answer,
    Refused: StatusRefusedError,
    statuses: statusRefusals,
    maxBodyBytes,
    corsOrigin,
    onError,
  })

  return { handler, ...status }
}

const maxBodyBytes = 10_000

const noJobs = Object.fromEntries(serverRunStatuses.map((status) => [status, 0])) as ServerJobs

function seen(session: Session): ServerSessionSeen {
  return { ...shownSession(session), name: session.name }
}

/** Sentences of errors quote nodes, with their URLs: users are told the class alone. */
function shownRun({ error, ...run }: ServerRun, viewer: StatusViewer): ServerRun {
  if (!error) return run
  return { ...run, error: viewer.operator ? error : { name: error.name } }
}
