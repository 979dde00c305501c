import type { Hex } from 'viem'

/**
 * How ABI-encoded values lie in bytes. A value may point to where another lies already, so that a few kilobytes decode to gigabytes; what is
 * laid out plainly, one after the other and nothing twice, takes no more than it is long.
 */
export type Layout = 'word' | 'bytes' | { list: Layout } | { tuple: readonly Layout[] }

const caveat: Layout = { tuple: ['word', 'bytes', 'bytes'] }
const delegation: Layout = { tuple: ['word', 'word', 'word', { list: caveat }, 'word', 'bytes'] }

export const layouts = {
  /** `redeemDelegations(bytes[], bytes32[], bytes[])` */
  redeemDelegations: [{ list: 'bytes' }, { list: 'word' }, { list: 'bytes' }],
  /** One of its contexts. */
  context: [{ list: delegation }],
  /** `disableDelegation(Delegation)` */
  disableDelegation: [delegation],
  /** `execute(bytes32, bytes)` */
  execute: ['word', 'bytes'],
  /** The batch inside `execute`. */
  executions: [{ list: { tuple: ['word', 'word', 'bytes'] } }],
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
    if ('tuple' in layout) return endOfAll(layout.tuple.length, (index) => layout.tuple[index] as Layout, at)
    const count = word(at)
    if (count > length / 32) throw new NotPlain()
    return endOfAll(count, () => layout.list, at + 32)
  }

  const endOfAll = (count: number, layoutOf: (index: number) => Layout, at: number): number => {
    let tail = at + 32 * count
    for (let index = 0; index < count; index += 1) {
      const layout = layoutOf(index)
      if (layout === 'word') continue
      if (word(at + 32 * index) !== tail - at) throw new NotPlain()
      tail = endOf(layout, tail)
      if (tail > length) throw new NotPlain()
    }
    if (tail > length) throw new NotPlain()
    return tail
  }

  try {
    return endOfAll(values.length, (index) => values[index] as Layout, 0) === length
  } catch (error) {
    if (error instanceof NotPlain) return false
    throw error
  }
}

class NotPlain extends Error {}
