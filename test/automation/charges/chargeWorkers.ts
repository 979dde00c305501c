import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Bundle } from '../../server/bundle.js'
import type { ChargeOrder, ChargeWords } from './chargeProcess.js'

export type ChargeWorkersParameters = { program: Bundle; order: ChargeOrder; count: number; random: () => number; onWords: (words: ChargeWords) => void }

export type ChargeWorkers = { kills: () => number; stop(): Promise<void> }

/** After a process has begun to work it lives so long at most, in ms. */
const longestLifeMs = 4_000
/** One in so many is killed before it has begun to. */
const stillbornEvery = 4

/** Processes that are killed again and again, each at a moment at random, and started anew. */
export function startChargeWorkers({ program, order, count, random, onWords }: ChargeWorkersParameters): ChargeWorkers {
  let kills = 0
  let stopped = false
  const killers = new Set<() => void>()

  async function live(): Promise<void> {
    const child = spawn(process.execPath, [program.file], { env: { ...process.env, ORDER: JSON.stringify(order) }, stdio: ['pipe', 'pipe', 'inherit'] })
    const ended = once(child, 'close')
    const kill = () => child.kill('SIGKILL')
    killers.add(kill)
    let death: ReturnType<typeof setTimeout> | undefined
    if (random() < 1 / stillbornEvery) death = setTimeout(kill, random() * 1_000)
    createInterface({ input: child.stdout }).on('line', (line) => {
      const words = JSON.parse(line) as ChargeWords
      onWords(words)
      if ('started' in words) death ??= setTimeout(kill, random() * longestLifeMs)
    })
    const [code, signal] = (await ended) as [number | null, string | null]
    clearTimeout(death)
    killers.delete(kill)
    if (signal === 'SIGKILL') kills += 1
    else onWords({ error: `a worker ended by itself, with code ${code}` })
  }

  async function again(): Promise<void> {
    while (!stopped) await live()
  }

  const running = Array.from({ length: count }, again)
  return {
    kills: () => kills,
    async stop() {
      stopped = true
      for (const kill of killers) kill()
      await Promise.all(running)
    },
  }
}

/** One that is left in peace, until nothing is left to do. Resolves with how many runs came to which end. */
export async function finishCharges({ program, order, onWords }: Pick<ChargeWorkersParameters, 'program' | 'order' | 'onWords'>): Promise<Record<string, number>> {
  const child = spawn(process.execPath, [program.file], { env: { ...process.env, ORDER: JSON.stringify({ ...order, mischiefMs: undefined }) }, stdio: ['pipe', 'pipe', 'inherit'] })
  let runs: Record<string, number> | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    const words = JSON.parse(line) as ChargeWords
    onWords(words)
    if ('runs' in words) runs = words.runs
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (!runs) throw new Error(`The last worker ended with code ${code}, and did not say what became of the runs.`)
  return runs
}
