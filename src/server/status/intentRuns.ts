import { callMade } from '../../actions/recordAction.js'
import { serverRunStatuses, type ServerJobs, type ServerRun, type ServerRunStatus } from '../../sessions/activityWire.js'
import { mostCalls } from '../../sessions/sessionAction.js'
import type { Intent } from '../agent/intent.js'
import type { SessionAgent } from '../createSessionAgent.js'
import type { RunSource } from './runSource.js'

/** Without an automation: the intents that the agent was told to do, by whatever scheduler. What is due next, only that knows. */
export function intentRuns(agent: Pick<SessionAgent, 'intents'>): RunSource {
  return {
    async ofSession(session, { limit, after }) {
      const intents = await agent.intents(session)
      // One that is gone begins the list anew: nothing is left out of a history by that.
      const begin = after === undefined ? 0 : intents.findIndex(({ id }) => id === after) + 1
      const shown = intents.slice(begin, begin + limit)
      return { runs: shown.map(runOf), jobs: jobsOf(intents), ...(begin + limit < intents.length ? { after: shown.at(-1)?.id } : {}) }
    },
    jobs: async (session) => jobsOf(await agent.intents(session)),
    next: async () => [],
  }
}

const statuses = { written: 'due', sent: 'due', done: 'done', failed: 'failed' } as const satisfies Record<Intent['state']['status'], ServerRunStatus>

function jobsOf(intents: readonly Intent[]): ServerJobs {
  return Object.fromEntries(serverRunStatuses.map((status) => [status, intents.filter(({ state }) => statuses[state.status] === status).length])) as ServerJobs
}

/** Times are those of the server's clock: the agent writes down no other. */
function runOf({ id, calls, createdAt, state }: Intent): ServerRun {
  const moment = Math.floor(createdAt / 1000)
  const transactionHash = 'transactionHash' in state ? state.transactionHash : undefined
  return {
    id: id.slice(0, mostLetters),
    rule: id.slice(0, mostLetters),
    status: statuses[state.status],
    dueAt: moment,
    at: moment,
    attempts: state.status === 'written' ? 0 : 1,
    calls: calls.slice(0, mostCalls).map(callMade),
    ...(calls.length > mostCalls ? { moreCalls: calls.length - mostCalls } : {}),
    ...(transactionHash ? { transactionHash } : {}),
    ...errorOf(state),
  }
}

/** As many as the wire takes. */
const mostLetters = 500

function errorOf(state: Intent['state']): Pick<ServerRun, 'error'> {
  if (state.status === 'failed') return { error: { name: state.error, message: state.message } }
  return state.status === 'done' && state.missing.length > 0 ? { error: { name: 'EffectMissingError' } } : {}
}
