import type { ServerEndpoint, ServerJobs, ServerRun } from '../src/index.js'
import { erc20Periodic } from '../src/permissions/tokenPermissions.js'
import type { Permission } from '../src/permissions/permission.js'
import type { ServerActivity } from '../src/sessions/activityWire.js'
import { toJsonText } from '../src/sessions/jsonText.js'
import type { Session } from '../src/sessions/session.js'
import type { MockSessionParameters } from '../src/testing/index.js'
import { day, gold, now, paid, shopping } from './sessionWorld.js'

/** 20 GOLD a day, to the shop alone, for a month; granted four days ago. */
export const daily: Permission = {
  ...erc20Periodic({ token: gold, limit: 20n * 10n ** 18n, period: { days: 1 }, payee: '0x5407000000000000000000000000000000005407' }),
  startTime: now - 4 * day,
}

export function subscription(given: MockSessionParameters = {}): Session {
  return shopping({ name: 'subscription', permissions: [daily], expiry: now + 26 * day, createdAt: (now - 4 * day) * 1000, ...given })
}

/** One time of a rule, so many days ago. */
export function run(daysAgo: number, given: Partial<ServerRun> = {}): ServerRun {
  const dueAt = now - daysAgo * day
  const period = new Date(dueAt * 1000).toISOString()
  return { id: `${given.rule ?? 'subscription'}:${period}`, rule: 'subscription', period, status: 'done', dueAt, at: dueAt + 60, attempts: 1, calls: [paid(20n)], transactionHash: `0x${'7a3f'.repeat(16)}`, ...given }
}

/** One that came to nothing: there is no transaction of it. */
export function undone(daysAgo: number, given: Partial<ServerRun>): ServerRun {
  const one = run(daysAgo, given)
  delete one.transactionHash
  return one
}

export const tomorrow = { rule: 'subscription', at: now + day, paused: false, looks: false }

const noJobs: ServerJobs = { due: 0, done: 0, nothing: 0, missed: 0, 'over-budget': 0, ended: 0, failed: 0 }

/** What a server says of a session. */
export function activityOf(session: Session, given: Partial<ServerActivity> = {}): ServerActivity {
  const { id, status, address, account, chainId, expiry, name } = session
  return { session: { id, status, address, account, chainId, expiry, name }, runs: [], next: [], jobs: noJobs, ...given }
}

/** A server as the page sees it: by the answer to each request, the first one first and the last one from then on. Nothing leaves the page. */
export function serverThatAnswers(...answers: readonly (ServerActivity | Response | Error | Promise<never>)[]): Exclude<ServerEndpoint, string> & { asked: string[] } {
  const asked: string[] = []
  return {
    url: 'https://shop.example/status',
    asked,
    async fetch(_, { body }) {
      const answer = await answers[Math.min(asked.push(String(body)), answers.length) - 1]
      if (answer instanceof Error) throw answer
      return answer instanceof Response ? answer.clone() : new Response(toJsonText(answer))
    },
  }
}

export const offline = new TypeError('Failed to fetch')
export const signedOut = new Response(JSON.stringify({ error: { name: 'StatusRefusedError', reason: 'not-authenticated', message: 'Nobody is signed in.' } }), { status: 401 })
export const silence = new Promise<never>(() => undefined)
