/** So many at once; the others wait for their turn, in order. */
export type Slots = {
  enter(): Promise<void>
  leave(): void
  waiting(): number
}

export function createSlots(count: number): Slots {
  const queue: (() => void)[] = []
  let free = count
  return {
    enter() {
      if (free > 0) {
        free -= 1
        return Promise.resolve()
      }
      return new Promise((resolve) => queue.push(resolve))
    },
    leave() {
      const next = queue.shift()
      if (next) next()
      else free += 1
    },
    waiting: () => queue.length,
  }
}
