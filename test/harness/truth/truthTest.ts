import { ourJudge, type Judge } from './judgement.js'
import { casesPerSession, runTruthSession, type TruthCase } from './truthSession.js'
import { startTruthWorld, type TruthWorld } from './truthWorld.js'

export type TruthTestParameters = {
  cases: number
  /** The same seed draws the same cases. */
  seed: number
  /** Only the session that holds this case, to look at it again. */
  only?: number | undefined
  judge?: Judge | undefined
  /** Ends with the session in which the first disagreement is found. */
  stopAtFirst?: boolean | undefined
  onCase?: ((cases: number) => void) | undefined
}

export type TruthReport = {
  cases: number
  agree: number
  /** One for each case on which the kit and the chain disagree: how to get it again, and what it is. */
  disagreements: readonly string[]
  /** What enforcers said that the kit has no error of its own for. */
  untyped: readonly string[]
  /** How many there were of each sort, in words. */
  breakdown: readonly string[]
}

/** Draws sessions and calls, and has each decided twice: by the kit's own check, and by the real contracts on a real chain. */
export async function truthTest(parameters: TruthTestParameters): Promise<TruthReport> {
  const world = await startTruthWorld()
  try {
    return await truthTestIn(world, parameters)
  } finally {
    await world.stop()
  }
}

/** The same in a world that is there; it begins anew with each session. */
export async function truthTestIn(world: TruthWorld, { cases, seed, only, judge = ourJudge, stopAtFirst = false, onCase }: TruthTestParameters): Promise<TruthReport> {
  const decided: { number: number; one: TruthCase }[] = []
  const first = only === undefined ? 0 : Math.floor(only / casesPerSession)
  const last = only === undefined ? Math.ceil(cases / casesPerSession) : first + 1
  for (let session = first; session < last; session += 1) {
    const found = await runTruthSession(world, judge, sessionSeed(seed, session))
    decided.push(...found.map((one, index) => ({ number: session * casesPerSession + index, one })))
    onCase?.(Math.min(decided.length, cases))
    if (stopAtFirst && found.some(({ agrees }) => !agrees)) break
  }
  const counted = decided.filter(({ number }) => (only === undefined ? number < cases : number === only))
  return {
    cases: counted.length,
    agree: counted.filter(({ one }) => one.agrees).length,
    disagreements: counted.filter(({ one }) => !one.agrees).map(({ number, one }) => `seed ${seed} case ${number}: ${inWords(one)}`),
    untyped: [...new Set(counted.flatMap(({ one }) => one.untyped))],
    breakdown: breakdownOf(counted.map(({ one }) => one)),
  }
}

function sessionSeed(seed: number, session: number): number {
  return (seed ^ Math.imul(session + 1, 0x9e3779b1)) >>> 0
}

function inWords({ permissions, calls, now, said, chain }: TruthCase): string {
  const text = JSON.stringify({ now, permissions, calls }, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return `the kit says ${said}, the chain ${chain === 'refused' ? 'refuses' : 'allows'}: ${text}`
}

function breakdownOf(cases: readonly TruthCase[]): readonly string[] {
  const allowed = cases.filter(({ said }) => said === 'allowed')
  const starting = cases.filter(({ chain }) => chain === 'either')
  const refused = cases.filter((one) => one.said !== 'allowed' && one.chain !== 'either')
  return [
    `allowed ${allowed.length} (of these the called contract itself failed: ${allowed.filter(({ chain }) => chain === 'failed').length})`,
    ...tally(allowed.flatMap(({ named }) => [...new Set(named)])),
    `refused ${refused.length}`,
    ...tally(refused.map(({ said }) => said)),
    'refused, by the permission that came nearest',
    ...tally(refused.flatMap(({ named }) => named)),
    `undecidable, and said to be ${starting.length} (begun by this device's clock, not yet by the chain's)`,
    `several calls in one ${cases.filter(({ calls }) => calls.length > 1).length}`,
  ]
}

function tally(words: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([word, count]) => `  ${word} ${count}`)
}
