/** What was measured, beside what a peer did at the same time on the same chain. */
export type Figure = {
  id: string
  ours: number
  peer: number | undefined
  peerName: string | undefined
  /** Ours by the peer's. */
  ratio: number | undefined
  unit: string
  /** When it was measured, where that was not with all the others. */
  at?: string | undefined
  /** Of the runs that `ours` and `peer` are the medians of, where there was more than one. */
  spread?: { ours: Spread; peer?: Spread | undefined } | undefined
}

export type Spread = { runs: number; min: number; median: number; max: number }

export type Peer = { name: string; value: number }

/** One figure that needs no repetition: a count, gas, bytes. */
export function counted(id: string, unit: string, ours: number, peer?: Peer): Figure {
  return { id, ours, peer: peer?.value, peerName: peer?.name, ratio: peer && ours / peer.value, unit }
}

/** One figure of several runs. */
export function measured(id: string, unit: string, ours: readonly number[], peer?: { name: string; values: readonly number[] }): Figure {
  const spread = { ours: spreadOf(ours), peer: peer && spreadOf(peer.values) }
  // Of runs that stood side by side, so that what slowed both down is in neither.
  const ratio = peer && spreadOf(ours.map((value, run) => value / (peer.values[run] as number))).median
  return { id, ours: spread.ours.median, peer: spread.peer?.median, peerName: peer?.name, ratio, unit, spread }
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] as number
  return { runs: values.length, min: at(0), median: at(0.5), max: at(1) }
}

/** Runs in turns, the order turned round each time, so that neither has the better half of the machine. The first round warms up. */
export async function inTurns<name extends string>(rounds: number, works: Record<name, () => Promise<number>>): Promise<Record<name, number[]>> {
  const names = Object.keys(works) as name[]
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<name, number[]>
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const value = await works[name]()
      if (round > 0) values[name].push(value)
    }
  }
  return values
}

/** In seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}
