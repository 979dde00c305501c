/** What is left of a permission; undefined where it has no such limit. */
export type Room = { calls: number | undefined; amount: bigint | undefined }

/** A permission that may cover a call, and what the call would take from its amount. */
export type Option = { permission: number; amount: bigint }

/** Where as many were looked at, the answer is `undecided`. */
const maxStates = 5_000

/**
 * Shares calls out among permissions so that each has room. It is a packing problem, which nobody solves fast for all cases: what a batch
 * of a few calls needs is found, and a search that grows too long is given up.
 * @param wishes of each call, the permissions that may cover it, in the order of preference
 * @returns the permission of each call
 */
export function findRoom(rooms: readonly Room[], wishes: readonly (readonly Option[])[]): readonly number[] | 'none' | 'undecided' {
  // Limits only add up, so the order of the calls does not matter here: the most demanding come first.
  const order = wishes.map((_, call) => call).sort((a, b) => demand(wishes[b] ?? []) - demand(wishes[a] ?? []) || compare(most(wishes[b] ?? []), most(wishes[a] ?? [])))
  const left = rooms.map((room) => ({ ...room }))
  const cover = wishes.map(() => 0)
  const failed = new Set<string>()

  function place(position: number): boolean {
    const call = order[position]
    if (call === undefined) return true
    const state = `${position}:${left.map(({ calls, amount }) => `${calls},${amount}`).join(';')}`
    if (failed.has(state) || failed.size >= maxStates) return false
    for (const { permission, amount } of wishes[call] ?? []) {
      const room = left[permission]
      if (!room || (room.calls !== undefined && room.calls < 1) || (room.amount !== undefined && room.amount < amount)) continue
      left[permission] = { calls: room.calls === undefined ? undefined : room.calls - 1, amount: room.amount === undefined ? undefined : room.amount - amount }
      cover[call] = permission
      if (place(position + 1)) return true
      left[permission] = room
    }
    failed.add(state)
    return false
  }

  if (place(0)) return cover
  return failed.size >= maxStates ? 'undecided' : 'none'
}

/** Fewer options are harder to meet. */
function demand(options: readonly Option[]): number {
  return -options.length
}

function most(options: readonly Option[]): bigint {
  return options.reduce((most, { amount }) => (amount > most ? amount : most), 0n)
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
