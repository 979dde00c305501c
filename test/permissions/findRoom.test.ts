import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findRoom, type Option, type Room } from '../../src/permissions/findRoom.js'

const amounts = (...left: bigint[]): Room[] => left.map((amount) => ({ calls: undefined, amount }))
const anyOf = (amount: bigint, ...permissions: number[]): Option[] => permissions.map((permission) => ({ permission, amount }))

test('the first permission is taken where it has room', () => {
  expect(findRoom(amounts(10n, 10n), [anyOf(4n, 1, 0), anyOf(6n, 1, 0)])).toEqual([1, 1])
})

test('a call makes room for one that has nowhere else to go', () => {
  expect(findRoom(amounts(10n, 5n), [anyOf(5n, 0, 1), anyOf(10n, 0, 1)])).toEqual([1, 0])
  expect(findRoom([{ calls: 1, amount: undefined }, { calls: 1, amount: undefined }], [anyOf(0n, 0, 1), anyOf(0n, 0)])).toEqual([1, 0])
})

test('more than there is finds none', () => {
  expect(findRoom(amounts(10n, 5n), [anyOf(8n, 0, 1), anyOf(8n, 0, 1)])).toBe('none')
})

test('many calls that are all the same are soon decided, whichever way', () => {
  const limited = (calls: number): Room => ({ calls, amount: undefined })
  const same = (count: number) => Array.from({ length: count }, () => anyOf(0n, 0, 1, 2))
  expect(findRoom([limited(10), limited(10), limited(10)], same(30))).toHaveLength(30)
  expect(findRoom([limited(10), limited(10), limited(10)], same(31))).toBe('none')
})

test('a search that would take for ever is given up, and said to be', () => {
  // Odd amounts into even room: no sum ever fits, and nearly every one is another.
  const wishes = Array.from({ length: 40 }, (_, index) => anyOf(2n ** BigInt(index) * 2n + 10n ** 15n, 0, 1, 2))
  expect(findRoom(amounts(14n * 10n ** 15n, 13n * 10n ** 15n, 13n * 10n ** 15n), wishes)).toBe('undecided')
})

test('what is found fits, and where none is found none fits', () => {
  const room = fc.record({ calls: fc.option(fc.nat(3), { nil: undefined }), amount: fc.option(fc.bigInt({ min: 0n, max: 6n }), { nil: undefined }) })
  const options = fc.subarray([0, 1, 2], { minLength: 1 })
  const wish = fc.record({ amount: fc.bigInt({ min: 0n, max: 5n }), options }).map(({ amount, options }) => anyOf(amount, ...options))
  fc.assert(
    fc.property(fc.array(room, { minLength: 3, maxLength: 3 }), fc.array(wish, { minLength: 1, maxLength: 4 }), (rooms, wishes) => {
      const found = findRoom(rooms, wishes)
      const ways = wishes.reduce<number[][]>((begun, options) => begun.flatMap((way) => options.map(({ permission }) => [...way, permission])), [[]])
      if (found === 'none') expect(ways.some((way) => fits(rooms, wishes, way))).toBe(false)
      else expect(fits(rooms, wishes, found as number[])).toBe(true)
    }),
    { numRuns: 500 },
  )
})

function fits(rooms: readonly Room[], wishes: readonly (readonly Option[])[], way: readonly number[]): boolean {
  return rooms.every(({ calls, amount }, index) => {
    const own = wishes.flatMap((options, call) => (way[call] === index ? options.filter(({ permission }) => permission === index) : []))
    const spent = own.reduce((sum, one) => sum + one.amount, 0n)
    return (calls === undefined || own.length <= calls) && (amount === undefined || spent <= amount)
  })
}
