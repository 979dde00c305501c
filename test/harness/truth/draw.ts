import { createRandom } from '../random.js'

/** Draws lots, the same ones for the same seed. */
export type Draw = {
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  whole(least: number, most: number): number
  one<T>(list: readonly T[]): T
  /** So many different ones, in any order; all of them where there are fewer. */
  some<T>(list: readonly T[], count: number): T[]
}

export function createDraw(seed: number): Draw {
  const random = createRandom(seed)
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  return {
    chance: (probability) => random() < probability,
    whole,
    one: (list) => list[whole(0, list.length - 1)] as (typeof list)[number],
    some(list, count) {
      const rest = [...list]
      return Array.from({ length: Math.min(count, list.length) }, () => rest.splice(whole(0, rest.length - 1), 1)[0] as (typeof list)[number])
    },
  }
}
