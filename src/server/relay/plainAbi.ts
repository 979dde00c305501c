import type { Hex } from 'viem'

/**
 * How ABI-encoded values lie in bytes. A value may point to where another lies already, so that a few kilobytes decode to gigabytes; what is
 * laid out plainly, one after the other and nothing twice, takes no more than it is long.
 */
export type Layout = 'word' | 'bytes' | { list: Layout } | { tuple: readonly Layout[] } | { bytesOf: readonly Layout[] }

const caveat: Layout = { tuple: ['word', 'bytes', 'bytes'] }
const delegation: Layout = { tuple: ['word', 'word', 'word', { list: caveat }, 'word', 'bytes'] }

export const layouts = {
  /** `redeemDelegations(bytes[], bytes32[], bytes[])`, whose contexts are lists of delegations. */
  redeemDelegations: [{ list: { bytesOf: [{ list: delegation }] } }, { list: 'word' }, { list: 'bytes' }],
  /** `disableDelegation(Delegation)` */
  disableDelegation: [delegation],
  /** `execute(bytes32, bytes)` of a batch. */
  executeBatch: ['word', { bytesOf: [{ list: { tuple: ['word', 'word', 'bytes'] } }] }],
} satisfies Record<string, readonly Layout[]>

/**
 * Whether the bytes are these values, laid out plainly, and nothing else. Takes time by the length of the bytes, whatever they are.
 * @param skip how many bytes stand before them: 4 for a function's selector
 */
export function isPlain(values: readonly Layout[], hex: Hex, skip = 0): boolean {
  const bytes = hex.slice(2 + 2 * skip)
  const length = bytes.length / 2

  const word = (at: number): number => {
    if (at + 32 > length) throw new NotPlain()
    // 2^53 and more is no length: what does not fit comes out as a number that is too large all the same.
    return Number.parseInt(bytes.slice(2 * at, 2 * (at + 32)), 16)
  }

  /** Where a value that begins there ends. */
  const endOf = (layout: Layout, at: number): number => {
    if (layout === 'word') return at + 32
    if (layout === 'bytes') return at + 32 + Math.ceil(word(at) / 32) * 32
    if ('bytesOf' in layout) {
      const end = at + 32 + word(at)
      if (endOfAll(layout.bytesOf, at + 32) !== end) throw new NotPlain()
      return end
    }
    if ('tuple' in layout) return endOfAll(layout.tuple, at)
    const count = word(at)
    if (count > length / 32) throw new NotPlain()
    return endOfAll(Array.from({ length: count }, () => layout.list), at + 32)
  }

  const endOfAll = (members: readonly Layout[], at: number): number => {
    let tail = at + 32 * members.length
    members.forEach((member, index) => {
      if (member === 'word') return
      if (word(at + 32 * index) !== tail - at) throw new NotPlain()
      tail = endOf(member, tail)
      if (tail > length) throw new NotPlain()
    })
    if (tail > length) throw new NotPlain()
    return tail
  }

  try {
    return endOfAll(values, 0) === length
  } catch (error) {
    if (error instanceof NotPlain) return false
    throw error
  }
}

class NotPlain extends Error {}
