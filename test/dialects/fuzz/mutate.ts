/** Changes JSON-like values at random places, the same way for the same seed. */
export type Random = { next(): number; below(bound: number): number; pick<value>(values: readonly value[]): value }

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  // mulberry32: small, and good enough to spread mutations.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (bound: number) => Math.floor(next() * bound)
  return { next, below, pick: (values) => values[below(values.length)] as never }
}

const addresses = [
  '0x0000000000000000000000000000000000000000',
  '0x0000000000000000000000000000000000000a11',
  '0x00000000000000000000000000000000deadbeef',
  '0xffffffffffffffffffffffffffffffffffffffff',
]
const amounts = ['0x0', '0x1', '0x00', '0x', '0X1', '0x1g', `0x${'f'.repeat(64)}`, `0x1${'0'.repeat(64)}`, '-0x1', ' 0x1', '0x1 ', '1', '1e9', '1n', '٣']
const numbers = [0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 64, NaN, Infinity, -Infinity, 1_900_000_000, 1_900_000_000_000, 86_400]
const naughty = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '<script>alert(1)</script>',
  "'; drop table sessions; --",
  '\u202eevil',
  '\u0000',
  '👩‍👩‍👧‍👦',
  'mint(address to)',
  'mint(address to) burn(uint256)',
  'transfer(address,uint256)',
  'contract-call',
  'erc20-token-allowance',
  'native-token-allowance',
  'erc20-token-periodic',
  'call-limit',
  'rate-limit',
  'token-allowance',
  'zerodev-sudo',
  'expiry',
  'payee',
  'redeemer',
  'x'.repeat(5_000),
  '0'.repeat(300),
]
const structures: readonly unknown[] = [null, undefined, true, false, [], {}, [[]], [null], { toString: 1 }, { length: 5 }, new Date(0), 10n, /x/, () => 1, Symbol('s'), new Map(), new Uint8Array(3)]

export function naughtyValue(random: Random): unknown {
  return random.pick<() => unknown>([
    () => random.pick(addresses),
    () => random.pick(amounts),
    () => random.pick(numbers),
    () => random.pick(naughty),
    () => random.pick(structures),
    () => JSON.parse('{"__proto__":{"allowed":true},"constructor":{"prototype":{"polluted":1}}}') as unknown,
  ])()
}

type Node = Record<string | number, unknown>

/** One to four changes to a copy. */
export function mutate(value: unknown, random: Random): unknown {
  const holder: Node = { root: structuredClone(value) }
  for (let count = 1 + random.below(4); count > 0; count -= 1) change(holder, random)
  return holder['root']
}

function change(holder: Node, random: Random): void {
  const places = placesIn(holder)
  if (places.length === 0) return
  const { parent, key } = random.pick(places)
  const before = parent[key]
  const list = Array.isArray(parent) ? parent : undefined
  random.pick<() => void>([
    () => (parent[key] = naughtyValue(random)),
    () => (parent[key] = tweak(before, random)),
    () => (parent[key] = tweak(before, random)),
    // Something else from the same answer, in its place.
    () => {
      const { parent: other, key: otherKey } = random.pick(places)
      parent[key] = safeClone(other[otherKey])
    },
    () => (list ? list.splice(Number(key), 1) : delete parent[key]),
    () => (list ? list.splice(Number(key), 0, safeClone(before)) : (parent[`${String(key)}2`] = before)),
    () => (parent[key] = [before]),
    // No array comes over a wire with a constructor of its own.
    () => (parent[random.pick(['extra', ...(list ? [] : ['constructor']), 'permissions', 'rules', 'context', 'policies', 'toJSON'])] = naughtyValue(random)),
    () => {
      if (list) list.reverse()
      else defineProto(parent, naughtyValue(random))
    },
  ])()
}

/** As JSON.parse makes it: an own key with that name. */
function defineProto(target: Node, value: unknown): void {
  Object.defineProperty(target, '__proto__', { value, enumerable: true, configurable: true, writable: true })
}

function tweak(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return random.pick([value + 1, value - 1, value * 2, value * 1000, -value, String(value), `0x${Math.abs(Math.trunc(value) || 0).toString(16)}`])
  if (typeof value === 'boolean') return !value
  if (typeof value !== 'string') return naughtyValue(random)
  if (!value.startsWith('0x')) return random.pick([value.toUpperCase(), `${value} `, `${value}2`, value.slice(0, -1), { custom: value }, [value]])
  const at = 2 + random.below(Math.max(1, value.length - 2))
  const digit = random.pick([...'0123456789abcdefABCDEF'])
  return random.pick([
    `${value.slice(0, at)}${digit}${value.slice(at + 1)}`,
    `${value}${digit}`,
    value.slice(0, -1),
    value.slice(0, -2),
    value.toUpperCase().replace('0X', '0x'),
    value.toLowerCase(),
    value.slice(2),
    value + value.slice(2),
    `0x${value.slice(2).padStart(64, '0')}`,
  ])
}

function safeClone(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
}

/** Every place in the tree that holds a value. */
function placesIn(root: Node): { parent: Node; key: string | number }[] {
  const places: { parent: Node; key: string | number }[] = []
  const visit = (parent: Node, depth: number) => {
    const keys = Array.isArray(parent) ? Array.from({ length: parent.length }, (_, index) => index) : Object.keys(parent)
    for (const key of keys) {
      places.push({ parent, key })
      const child = parent[key]
      if (child && typeof child === 'object' && depth < 8 && (Array.isArray(child) || Object.getPrototypeOf(child) === Object.prototype)) visit(child as Node, depth + 1)
    }
  }
  visit(root, 0)
  return places
}
