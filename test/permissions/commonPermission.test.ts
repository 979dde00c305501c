import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonPermission } from '../../src/permissions/commonPermission.js'
import { compare, isNotBroader } from '../../src/permissions/compare.js'
import type { Permission } from '../../src/permissions/permission.js'

const gold = '0x0000000000000000000000000000000000006011'
const payee = '0x0000000000000000000000000000000000005401'
const without: Permission = { type: 'erc20-token-allowance', token: gold, limit: 5n }
const open: Permission = { ...without, payee: undefined }

test('a payee that only one side names is kept, on whichever side, and however the other leaves it out', () => {
  const paying: Permission = { ...without, payee }
  for (const other of [open, without]) {
    expect(commonPermission(other, paying)).toMatchObject({ payee })
    expect(commonPermission(paying, other)).toMatchObject({ payee })
  }
})

const maybe = <value>(arbitrary: fc.Arbitrary<value>) => fc.option(arbitrary, { nil: undefined })
const token = fc
  .record({ limit: fc.bigInt({ min: 0n, max: 9n }), startTime: maybe(fc.integer({ min: 1, max: 9 })), payee: maybe(fc.constant(payee)) }, { requiredKeys: ['limit'] })
  .map((fields): Permission => ({ type: 'erc20-token-allowance', token: gold, ...fields }))
const call = fc
  .record(
    {
      valueLimit: fc.bigInt({ min: 0n, max: 9n }),
      callLimit: maybe(fc.integer({ min: 1, max: 9 })),
      startTime: maybe(fc.integer({ min: 1, max: 9 })),
      functions: maybe(fc.subarray([{ signature: 'a()' }, { signature: 'b(uint256 x)' }, { signature: 'c(address to)' }], { minLength: 1 })),
    },
    { requiredKeys: ['valueLimit'] },
  )
  .map((fields): Permission => ({ type: 'contract-call', address: gold, ...fields }))

test('what two permissions have in common goes beyond neither of them', () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(token, token), fc.tuple(call, call)), ([a, b]) => {
      const functionsOf = (permission: Permission) => (permission.type === 'contract-call' ? permission.functions : undefined)
      const disjoint = functionsOf(a) && functionsOf(b) && !functionsOf(a)?.some((one) => functionsOf(b)?.includes(one))
      fc.pre(!disjoint)
      const common = commonPermission(a, b)
      for (const one of [a, b]) expect(isNotBroader(compare({ permissions: [one], expiry: 1 }, { permissions: [common], expiry: 1 }))).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
