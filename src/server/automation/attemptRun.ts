import type { Hash } from 'viem'
import { getBlock } from 'viem/actions'
import { callMade } from '../../actions/recordAction.js'
import { encodeSessionCalls, type EncodedCall } from '../../actions/sessionCalls.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session, SessionId } from '../../sessions/session.js'
import { mostCalls, type CallMade } from '../../sessions/sessionAction.js'
import { IntentConflictError } from '../agent/errors.js'
import type { AgentSendParameters, SessionAgent } from '../createSessionAgent.js'
import type { AutomationRule } from './automationRule.js'
import { inTime } from './inTime.js'
import { intentOf } from './jobId.js'
import { judgeError } from './outcome.js'
import type { RunStatus } from './run.js'

export type RunAttempt = {
  agent: SessionAgent
  rule: AutomationRule
  session: Session
  period: string
  dueAt?: UnixSeconds | undefined
  /** It happens before this moment or not at all. */
  until?: UnixSeconds | undefined
  now: UnixSeconds
}

export type RunOutcome = {
  rule: string
  session: SessionId
  period: string
  /** `due`: it has not happened, or this is not known, and another try may help. */
  status: RunStatus
  /** Only another try tells whether it happened. */
  isUnknown: boolean
  calls: readonly CallMade[]
  transactionHash?: Hash | undefined
  error?: Error | undefined
}

/** One try. What was begun under its name before, by whomever, is found out first. */
export async function attemptRun({ agent, rule, session, period, dueAt, until, now }: RunAttempt): Promise<RunOutcome> {
  const client = agent.client(session.chainId)
  const intent = intentOf({ rule: rule.name, period })
  const run = { rule: rule.name, session: session.id, period, isUnknown: false }
  let calls: readonly EncodedCall[] = []
  try {
    const known = await agent.intent(session.id, intent)
    // Nothing was ever signed for it.
    if (!known && until !== undefined && until <= now) return { ...run, status: 'missed', calls: [] }
    const context = { session, client, now, period }
    calls = known?.calls ?? encodeSessionCalls(await inTime(rule, 'calls', () => rule.calls(context)))
    if (calls.length === 0) return { ...run, status: 'nothing', calls: [] }
    const sent = await send(agent, { session: session.id, intent, calls, deadline: until, effects: rule.effects?.(context) })
    return { ...run, status: 'done', calls: shown(sent.calls), transactionHash: sent.transactionHash }
  } catch (raw) {
    const error = raw instanceof Error ? raw : new Error(String(raw))
    const chainTime = () => getBlock(client, { includeTransactions: false }).then(({ timestamp }) => Number(timestamp))
    const early = dueAt !== undefined && (await chainTime().catch(() => dueAt)) < dueAt + nodesApartSeconds
    // Whatever this try ended with: an earlier one may still happen. What cannot be read is not known.
    const isOpen = await agent.intent(session.id, intent).then((known) => known?.state.status === 'sent', () => true)
    const judgement = judgeError(error, { session, early, isOpen })
    const isUnknown = judgement.status === 'due' && judgement.again === 'unknown'
    return { ...run, isUnknown, status: judgement.status, calls: shown(calls), error, ...(judgement.status === 'failed' ? { transactionHash: hashIn(error) } : {}) }
  }
}

/** Of several nodes behind one address one may be some blocks behind another. */
const nodesApartSeconds = 30

type Sending = Omit<AgentSendParameters, 'calls' | 'intent'> & { calls: readonly EncodedCall[]; intent: string }

/** Where another process was first, and asked for the calls at another moment, its calls are the ones. */
async function send(agent: SessionAgent, sending: Sending): Promise<{ transactionHash: Hash | undefined; calls: readonly EncodedCall[] }> {
  const sendCalls = async (calls: readonly EncodedCall[]) => ({ ...(await agent.send({ ...sending, calls: calls as never })), calls })
  try {
    return await sendCalls(sending.calls)
  } catch (error) {
    const known = error instanceof IntentConflictError ? await agent.intent(sending.session, sending.intent) : undefined
    if (!known) throw error
    return sendCalls(known.calls)
  }
}

function shown(calls: readonly EncodedCall[]): readonly CallMade[] {
  return calls.slice(0, mostCalls).map(callMade)
}

function hashIn(error: Error): Hash | undefined {
  const { transactionHash } = error as { transactionHash?: unknown }
  return typeof transactionHash === 'string' ? (transactionHash as Hash) : undefined
}
