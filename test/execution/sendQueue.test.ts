import { describe, expect, test, vi } from 'vitest'
import { createSendQueue, type SendQueueParameters } from '../../src/execution/sendQueue.js'

type Batch = { items: readonly string[]; land(): Promise<void> }

/** A queue whose batches land when they are told to. */
function queueOf(options: Partial<Pick<SendQueueParameters<string, undefined, string>, 'prepare' | 'countThatFits' | 'joinForMs' | 'maxInFlight' | 'maxWaiting'>> = {}) {
  const batches: Batch[] = []
  const queue = createSendQueue<string, undefined, string>({
    prepare: async () => undefined,
    countThatFits: (waiting) => waiting.length,
    joinForMs: 60_000,
    maxInFlight: 16,
    maxWaiting: 1_000,
    ...options,
    carry: async (batch) => {
      const items = batch.map(({ item }) => item)
      let land: () => void = () => undefined
      const landed = new Promise<void>((resolve) => (land = resolve)).then(() => batch.forEach(({ item, resolve }) => resolve(`${item} in ${items.join('+')}`)))
      batches.push({ items, land: async () => (land(), landed) })
      return { landed }
    },
  })
  const add = (item: string, joins = true) => queue.add(item, { joins })
  return { add, batches, items: () => batches.map(({ items }) => items.join('+')) }
}

describe('with nothing on its way', () => {
  test('one goes before any timer or request could run', async () => {
    const { add, items } = queueOf()
    void add('a')
    for (let microtask = 0; microtask < 20; microtask += 1) await Promise.resolve()
    expect(items()).toEqual(['a'])
  })

  test('those of one tick go together, in their order', async () => {
    const { add, batches, items } = queueOf()
    const results = Promise.all([add('a'), add('b'), add('c')])
    await expect.poll(items).toEqual(['a+b+c'])
    await batches[0]?.land()
    expect(await results).toEqual(['a in a+b+c', 'b in a+b+c', 'c in a+b+c'])
  })

  test('as many as fit; the others have nobody to wait for and are next', async () => {
    const { add, items } = queueOf({ countThatFits: (waiting) => Math.min(2, waiting.length) })
    for (const item of ['a', 'b', 'c']) void add(item)
    await expect.poll(items).toEqual(['a+b', 'c'])
    void add('d')
    await new Promise((resolve) => setImmediate(resolve))
    expect(items()).toEqual(['a+b', 'c'])
  })
})

describe('while one is on its way', () => {
  test('those that come are collected, and go together when it has landed', async () => {
    const { add, batches, items } = queueOf()
    void add('a')
    await expect.poll(items).toEqual(['a'])
    for (const item of ['b', 'c', 'd']) {
      void add(item)
      await Promise.resolve()
    }
    expect(items()).toEqual(['a'])
    await batches[0]?.land()
    await expect.poll(items).toEqual(['a', 'b+c+d'])
  })

  test('they wait for so long and no longer, and never more are on their way than may be', async () => {
    vi.useFakeTimers()
    try {
      const { add, batches, items } = queueOf({ joinForMs: 500, maxInFlight: 2 })
      void add('a')
      await vi.advanceTimersByTimeAsync(0)
      void add('b')
      await vi.advanceTimersByTimeAsync(400)
      void add('c')
      expect(items()).toEqual(['a'])
      await vi.advanceTimersByTimeAsync(100)
      expect(items()).toEqual(['a', 'b+c'])
      void add('d')
      await vi.advanceTimersByTimeAsync(5_000)
      expect(items()).toEqual(['a', 'b+c'])
      await batches[0]?.land()
      await vi.advanceTimersByTimeAsync(0)
      expect(items()).toEqual(['a', 'b+c', 'd'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('one that may not be joined goes at once, by itself; nothing overtakes anything', async () => {
    const { add, items } = queueOf()
    void add('a', false)
    void add('b', false)
    await expect.poll(items).toEqual(['a', 'b'])
    void add('c')
    void add('d', false)
    await Promise.resolve()
    expect(items()).toEqual(['a', 'b'])
  })
})

describe('what is found out beforehand', () => {
  test('is asked at once for all; whoever is refused does not hold up the others', async () => {
    const asked: string[] = []
    const prepare = async (item: string) => {
      asked.push(item)
      if (item === 'b') throw new Error('not b')
      return undefined
    }
    const { add, items } = queueOf({ prepare })
    const refused = add('b').catch((error: Error) => error.message)
    void add('a')
    void add('c')
    expect(asked).toEqual(['b', 'a', 'c'])
    expect(await refused).toBe('not b')
    await expect.poll(items).toEqual(['a+c'])
  })
})

test('more than may wait are refused, and those that wait still go', async () => {
  const { add, batches, items } = queueOf({ maxWaiting: 2 })
  void add('a')
  await expect.poll(items).toEqual(['a'])
  void add('b')
  void add('c')
  await expect(add('d')).rejects.toMatchObject({ name: 'SendQueueFullError', waiting: 2 })
  await batches[0]?.land()
  await expect.poll(items).toEqual(['a', 'b+c'])
})
