import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/server/automation/index.js'
import { jobId } from '../../src/server/automation/jobId.js'
import { openJobQueue, type JobQueue } from '../../src/server/automation/jobQueue.js'

let database: Database
let queue: JobQueue
const errors: Error[] = []
const opened = () => openJobQueue({ database, expireSeconds: 1, onError: (error) => errors.push(error) })
// Of several processes that start at once one makes the queue.
beforeAll(async () => {
  database = await openDatabase('memory:')
  const queues = await Promise.all([opened(), opened(), opened()])
  queue = queues[0]
  await queues[1].close()
  await queues[2].close()
}, 120_000)
afterEach(() => database.query('delete from session_keys_jobs.job'))
afterAll(async () => {
  await queue.close()
  await database.close()
  expect(errors).toEqual([])
})

const run = (period: string) => ({ rule: 'charge', session: '0xabc', period })
const periods = (jobs: readonly { period: string }[]) => jobs.map(({ period }) => period).sort()

test('a job has the id of its run, as a UUID, and is in the queue once', async () => {
  expect(jobId(run('1'))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set([jobId(run('1')), jobId(run('2')), jobId({ ...run('1'), rule: 'other' }), jobId({ ...run('1'), session: '0xdef' })]).size).toBe(4)
  await queue.add(database.query, [run('1'), run('2')])
  await queue.add(database.query, [run('2'), run('3')])
  const [first] = await queue.take(1)
  // Nor while somebody has it.
  await queue.add(database.query, [run('1'), run('2'), run('3')])
  const others = await queue.take(10)
  expect(periods([...others, ...(first ? [first] : [])])).toEqual(['1', '2', '3'])
  expect(others.every((job) => job.id === jobId(job))).toBe(true)
  expect(await queue.take(10)).toEqual([])
})

test('what is part of a transaction that failed has not happened', async () => {
  const failing = database.transaction(async (query) => {
    await queue.add(query, [run('1')])
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await queue.take(10)).toEqual([])
})

test('what was ended is gone, and may come again', async () => {
  await queue.add(database.query, [run('1')])
  for (const job of await queue.take(10)) await queue.end(database.query, job)
  await queue.expire()
  expect(await queue.take(10)).toEqual([])
  await queue.add(database.query, [run('1')])
  expect(periods(await queue.take(10))).toEqual(['1'])
})

test('what was put back comes later', async () => {
  await queue.add(database.query, [run('1'), run('2')])
  const [first, second] = await queue.take(10)
  await database.transaction((query) => queue.putBack(query, first as never, 3_600))
  await database.transaction((query) => queue.putBack(query, second as never, 0))
  expect(await queue.take(10)).toMatchObject([{ period: second?.period }])
  const { rows } = await database.query("select extract(epoch from start_after - now()) as seconds from session_keys_jobs.job where state = 'created'")
  expect(Number(rows[0]?.['seconds'])).toBeGreaterThan(3_500)
})

test('what a process that died had is given to others, as often as it takes', async () => {
  await queue.add(database.query, [run('1')])
  for (let deaths = 0; deaths < 3; deaths += 1) {
    expect(periods(await queue.take(10))).toEqual(['1'])
    await queue.expire()
    // Not before its time.
    expect(await queue.take(10)).toEqual([])
    await expect.poll(async () => (await queue.expire(), (await database.query("select state from session_keys_jobs.job where name = 'runs'")).rows[0]?.['state']), { interval: 100 }).toBe('retry')
  }
  expect(periods(await queue.take(10))).toEqual(['1'])
})

test('a dead letter is aside, and comes back when it is revived', async () => {
  await queue.add(database.query, [run('1')])
  const [job] = await queue.take(1)
  await database.transaction((query) => queue.bury(query, job as never))
  expect(await queue.take(10)).toEqual([])
  expect((await database.query("select data from session_keys_jobs.job where name = 'dead-letters'")).rows).toMatchObject([{ data: run('1') }])
  await database.transaction((query) => queue.revive(query, run('1')))
  expect(periods(await queue.take(10))).toEqual(['1'])
  expect((await database.query("select 1 from session_keys_jobs.job where name = 'dead-letters'")).rows).toEqual([])
})
