/** What a server shows of its work: to each user their own, to operators all of it, and to everybody else nothing. */
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { getServerActivity } from '../../src/actions/getServerActivity.js'
import { getServerOverview } from '../../src/actions/getServerOverview.js'
import { getServerSessions } from '../../src/actions/getServerSessions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { condition, createAutomation, openDatabase, recurring, type Automation, type Database } from '../../src/server/automation/index.js'
import { createStatusHandler, type StatusHandler, type StatusViewer } from '../../src/server/index.js'
import { toJsonText } from '../../src/sessions/jsonText.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { gold } from '../startShop.js'
import { startServer, type ServerWorld } from './startServer.js'

// The database comes to life in the process of the test.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const day = 86_400
type Page = { config: SessionKeyConfig; account: Address; id: string }

let world: ServerWorld
let database: Database
let automation: Automation
let status: StatusHandler
let served: ServedFetch
let alice: Page
let mallory: Page
/** What a charge does, until a test says otherwise. */
let broken = false
const errors: unknown[] = []

beforeAll(async () => {
  world = await startServer()
  database = await openDatabase('memory:')
  const agent = world.agent()
  const rule = recurring({
    name: 'subscription',
    session: world.subscription,
    retry: { attempts: 1, delaySeconds: 0 },
    calls: () => {
      if (broken) throw new Error('https://node.example/secret-key did not answer')
      return [world.charge()]
    },
  })
  automation = createAutomation({ agent, database, rules: [rule, condition({ name: 'watch', session: world.voucher, when: () => false, calls: () => [] })], tickMs: 60_000, pollMs: 50 })
  await automation.start()
  const authenticate = (request: Request): StatusViewer | undefined => {
    const id = request.headers.get('x-user')
    if (id === 'operator') return { operator: true }
    return id ? { id } : undefined
  }
  status = createStatusHandler({ agent, automation, authenticate, onError: (error) => errors.push(error) })
  served = await serveFetch(status.handler)
  alice = await subscribed('alice')
  mallory = await subscribed('mallory')
})
afterAll(async () => {
  await automation?.stop()
  await database?.close()
  await served?.close()
  await world?.stop()
})

async function subscribed(user: string): Promise<Page> {
  const { config, owner } = await world.openPage()
  const { id } = await world.subscribe(world.subscription, { user, config })
  await automation.tick()
  await automation.idle()
  return { config, account: owner.address, id }
}

async function passDay() {
  await world.chain.client.increaseTime({ seconds: day })
  await world.chain.client.mine({ blocks: 1 })
  await automation.tick()
  await automation.idle()
}

const endpoint = (user?: string) => ({ url: served.url, headers: (): Record<string, string> => (user === undefined ? {} : { 'x-user': user }) })
const activity = (page: Page, more: Partial<Parameters<typeof getServerActivity>[1]> = {}) =>
  getServerActivity(page.config, { endpoint: endpoint('alice'), session: world.subscription, ...more })

async function post(body: string, headers: Record<string, string> = { 'x-user': 'mallory' }, handler = status.handler) {
  const response = await handler(new Request('https://shop.example/status', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }))
  const answer = (await response.json()) as { error?: { name: string; reason?: string; message: string } }
  return { status: response.status, answer, headers: response.headers }
}

test('each charge with its amount, its moment and its transaction; what comes next; what is left', async () => {
  await passDay()
  const { session, runs, next, jobs, usage, after } = await activity(alice, { usage: true })
  expect(session).toMatchObject({ id: alice.id, name: 'subscription', account: alice.account })
  expect(runs.map(({ rule, status, calls }) => ({ rule, status, amount: calls[0]?.tokenAmount }))).toEqual([
    { rule: 'subscription', status: 'done', amount: gold(20) },
    { rule: 'subscription', status: 'done', amount: gold(20) },
  ])
  const [newest, oldest] = runs
  expect((newest?.dueAt ?? 0) - (oldest?.dueAt ?? 0)).toBe(day)
  const receipt = await world.chain.client.getTransactionReceipt({ hash: newest?.transactionHash ?? '0x' })
  expect(receipt.status).toBe('success')
  const block = await world.chain.client.getBlock({ blockNumber: receipt.blockNumber })
  expect(Math.abs((newest?.at ?? 0) - Number(block.timestamp))).toBeLessThan(60)
  expect(next).toEqual([{ rule: 'subscription', at: (newest?.dueAt ?? 0) + day, paused: false, looks: false }])
  expect(jobs).toMatchObject({ done: 2, failed: 0, due: 0 })
  expect(usage?.permissions[0]?.amount).toEqual({ limit: gold(20), left: 0n })
  expect(after).toBeUndefined()
  // Asked of the browser's own record it is the same session.
  const [stored] = await alice.config.sessions.find()
  expect((await activity(alice, { session: stored as never })).session?.id).toBe(alice.id)
})

test('page by page, each run once', async () => {
  const first = await activity(alice, { limit: 1 })
  const second = await activity(alice, { limit: 1, after: first.after })
  expect(first.runs).toHaveLength(1)
  expect([...first.runs, ...second.runs].map(({ id }) => id)).toEqual((await activity(alice)).runs.slice(0, 2).map(({ id }) => id))
})

test('the sessions of the account, and nobody else’s', async () => {
  const { sessions } = await getServerSessions(alice.config, { endpoint: endpoint('alice') })
  expect(sessions.map(({ session }) => session.id)).toEqual([alice.id])
  expect(sessions[0]).toMatchObject({ next: [{ rule: 'subscription' }], jobs: { done: 2 } })
})

test('a user who is somebody else sees nothing, by whatever name they ask', async () => {
  const chainId = world.chain.chain.id
  const nothing = { runs: [], next: [], jobs: { done: 0, due: 0, failed: 0 } }
  for (const of of [
    { id: alice.id, account: alice.account },
    { id: alice.id, account: mallory.account },
    { session: 'subscription', chainId, account: alice.account },
  ]) {
    const { status: code, answer } = await post(toJsonText({ action: 'activity', of, usage: true }))
    expect(code).toBe(200)
    expect(answer).toMatchObject(nothing)
    expect(answer).not.toHaveProperty('session')
    expect(answer).not.toHaveProperty('usage')
  }
  // As if there were none: whether a session exists is nobody's business either.
  expect((await post(toJsonText({ action: 'activity', of: { id: 'no such session', account: alice.account } }))).answer).toEqual((await post(toJsonText({ action: 'activity', of: { id: alice.id, account: alice.account } }))).answer)
  expect((await post(toJsonText({ action: 'sessions', account: alice.account }))).answer).toEqual({ sessions: [] })
})

test('a cursor of somebody else’s run leads nowhere', async () => {
  const [run] = (await activity(alice)).runs
  const { answer } = await post(toJsonText({ action: 'activity', of: { id: mallory.id, account: mallory.account }, after: `subscription:${alice.id}:${run?.period}` }))
  const told = toJsonText(answer)
  expect(told).toContain(mallory.id)
  expect(told).not.toContain(alice.id)
  expect(told).not.toContain(alice.account)
})

test('where the app says whose accounts are whose, another account is refused by name', async () => {
  const strict = createStatusHandler({ agent: world.agent(), automation, authenticate: () => ({ id: 'alice', accounts: [alice.account] }) })
  const { status: code, answer } = await post(toJsonText({ action: 'sessions', account: mallory.account }), {}, strict.handler)
  expect([code, answer.error?.name, answer.error?.reason]).toEqual([403, 'StatusRefusedError', 'other-account'])
})

test('nobody who is not signed in, and no form of another site; no answer is kept on the way', async () => {
  await expect(activity(alice, { endpoint: endpoint() })).rejects.toMatchObject({ name: 'ServerRefusedActivityError', reason: 'not-authenticated', status: 401 })
  const form = await post('{"action":"overview"}', { 'content-type': 'text/plain', 'x-user': 'operator' })
  expect([form.status, form.answer.error?.reason]).toEqual([400, 'not-readable'])
  expect((await post('{"action":"charge"}')).answer.error?.reason).toBe('not-readable')
  expect((await post(`{"action":"overview"${' '.repeat(20_000)}}`)).answer.error?.reason).toBe('too-large')
  const { headers } = await post(toJsonText({ action: 'sessions', account: mallory.account }))
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect((await status.handler(new Request('https://shop.example/status'))).status).toBe(405)
})

test('what a page asks is no word on who it is: operator is whom the app says', async () => {
  expect((await post(toJsonText({ action: 'overview' }))).answer.error?.reason).toBe('not-operator')
  expect((await post(toJsonText({ action: 'overview', operator: true }))).answer.error?.reason).toBe('not-readable')
  await expect(getServerOverview({ endpoint: endpoint('alice') })).rejects.toMatchObject({ reason: 'not-operator', status: 403 })
})

test('a run that failed: the user is told its kind, and the operator the words, which may name a node', async () => {
  broken = true
  await passDay()
  broken = false
  const { runs } = await activity(alice)
  expect(runs[0]).toMatchObject({ status: 'failed', error: { name: 'Error' } })
  expect(toJsonText(await activity(alice))).not.toContain('secret-key')

  const { jobs, failed, next } = await getServerOverview({ endpoint: endpoint('operator') })
  expect(jobs).toMatchObject({ failed: 2 })
  expect(failed.map(({ session }) => session).sort()).toEqual([alice.id, mallory.id].sort())
  expect(failed[0]?.error?.message).toContain('did not answer')
  expect(next.map(({ session }) => session).sort()).toEqual([alice.id, mallory.id].sort())
  const page = await getServerOverview({ endpoint: endpoint('operator'), limit: 1 })
  const rest = await getServerOverview({ endpoint: endpoint('operator'), limit: 1, after: page.after })
  expect([...page.failed, ...rest.failed].map(({ session }) => session).sort()).toEqual([alice.id, mallory.id].sort())
  // An operator may look at anybody's, to help them.
  expect((await status.activity({ operator: true }, { of: { id: alice.id, account: alice.account } })).runs[0]?.error?.message).toContain('did not answer')
})

test('a day that passed unattended is missed, and said to be; then it is ended in the page, and says so', async () => {
  await world.chain.client.increaseTime({ seconds: 2 * day })
  await passDay()
  expect((await activity(alice)).runs.slice(0, 3).map(({ status }) => status)).toEqual(['done', 'missed', 'missed'])

  const [stored] = await alice.config.sessions.find()
  await revokePermissions(alice.config, { session: stored?.id ?? '' } as never)
  await passDay()
  const { session, next, jobs } = await activity(alice, { session: world.subscription })
  expect(session?.status).toBe('revoked')
  expect(next).toEqual([])
  expect(jobs).toMatchObject({ done: 3, missed: 2, failed: 1 })
})

test('a chain that does not answer takes nothing from the history', async () => {
  const { agent } = { agent: world.agent() }
  const cut = createStatusHandler({ agent: { ...agent, usage: () => Promise.reject(new Error('https://node.example/key')) }, automation, authenticate: () => ({ id: 'mallory' }), onError: (error) => errors.push(error) })
  errors.length = 0
  const { answer } = await post(toJsonText({ action: 'activity', of: { id: mallory.id, account: mallory.account }, usage: true }), {}, cut.handler)
  expect(answer).toMatchObject({ session: { id: mallory.id } })
  expect(answer).not.toHaveProperty('usage')
  expect(toJsonText(answer)).not.toContain('node.example')
  expect(errors).toHaveLength(1)
})

test('a store that fails: the operator’s log has it, and the page has none of its words', async () => {
  const broke = createStatusHandler({ agent: { ...world.agent(), sessions: () => Promise.reject(new Error('postgres://user:password@db')) }, authenticate: () => ({ id: 'mallory' }), onError: (error) => errors.push(error) })
  errors.length = 0
  const { status: code, answer } = await post(toJsonText({ action: 'sessions', account: mallory.account }), {}, broke.handler)
  expect([code, answer]).toEqual([500, { error: { name: 'Error', message: 'The server failed.' } }])
  expect(errors).toHaveLength(1)
})

test('who only looks costs no key', async () => {
  const keys = async () => (await world.store.list('key')).length
  const before = await keys()
  const { account } = alice
  expect(await status.sessions({ id: 'passer-by' }, { account })).toEqual({ sessions: [] })
  expect(await world.agent().sessions({ user: 'passer-by' })).toEqual([])
  const { chainId, permissionsHash } = (await world.agent().session(alice.id)) ?? expect.fail('It is enrolled.')
  expect(await world.enrolment.status({ id: 'passer-by' }, { session: 'subscription', account, chainId, permissionsHash } as never)).toEqual({})
  expect(await keys()).toBe(before)
})

test('without an automation: what the agent was told to do, by whatever scheduler', async () => {
  const bob = await world.openPage()
  const { id } = await world.subscribe(world.voucher, { user: 'bob', config: bob.config })
  const agent = world.agent()
  for (const week of [1, 2, 3]) await agent.send({ session: id, intent: `week ${week}`, calls: [world.charge(gold(10))] })
  await expect(agent.send({ session: id, intent: 'week 4', calls: [world.charge(gold(50))] })).rejects.toMatchObject({ name: 'SpendLimitExceededError' })
  const plain = createStatusHandler({ agent, authenticate: () => ({ id: 'bob' }) })
  const named = { of: { id, account: bob.owner.address } }
  const { runs, jobs, next, after } = await plain.activity({ id: 'bob' }, { ...named, limit: 3 })
  expect(runs.map(({ rule, status, error }) => [rule, status, error?.name])).toEqual([
    ['week 4', 'failed', 'SpendLimitExceededError'],
    ['week 3', 'done', undefined],
    ['week 2', 'done', undefined],
  ])
  expect(runs[1]).toMatchObject({ calls: [{ tokenAmount: gold(10) }], transactionHash: expect.stringMatching(/^0x/) })
  expect((await plain.activity({ id: 'bob' }, { ...named, after })).runs.map(({ rule }) => rule)).toEqual(['week 1'])
  expect(jobs).toMatchObject({ done: 3, failed: 1 })
  expect(next).toEqual([])
  // One that another version wrote is left out, and read they are once.
  await world.store.put({ kind: 'intent', id: `${id}:odd`, rev: 0, group: id, open: false, body: '{"v":2}' })
  const intents = vi.fn(agent.intents)
  const seen = await createStatusHandler({ agent: { ...agent, intents }, authenticate: () => ({ id: 'bob' }) }).activity({ id: 'bob' }, named)
  expect([seen.runs.length, seen.jobs.done, intents.mock.calls.length]).toEqual([4, 3, 1])
  // The automation has a rule for it too, which looks, and has done nothing.
  await automation.tick()
  expect(await status.activity({ id: 'bob' }, named)).toMatchObject({ runs: [], next: [{ rule: 'watch', looks: true, paused: false }] })
  await expect(plain.overview({ operator: true })).rejects.toMatchObject({ name: 'StatusRefusedError', reason: 'no-automation' })
})
