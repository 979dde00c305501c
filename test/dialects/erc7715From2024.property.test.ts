import fc from 'fast-check'
import { bytesToHex, getAddress, type Hex } from 'viem'
import { expect, test } from 'vitest'
import type { Expression, WalletAbilities } from '../../src/dialects/dialect.js'
import { erc7715From2024 } from '../../src/dialects/erc7715From2024.js'
import { compare } from '../../src/permissions/compare.js'
import type { Permission, PermissionType } from '../../src/permissions/permission.js'

const expiry = 1_900_000_000
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(bytesToHex(bytes)))
const bytes: fc.Arbitrary<Hex> = fc.uint8Array({ maxLength: 64 }).map((value) => bytesToHex(value))
const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const count = fc.integer({ min: 1, max: 10_000 })
const orNot = { requiredKeys: [] as [] }
const common = fc.record({ startTime: fc.integer({ min: 1, max: expiry }), optional: fc.boolean() }, orNot)
const payee = fc.record({ payee: address }, orNot)
const token = fc.record({ token: address })
const signature = fc.constantFrom('mint(address to)', 'burn(uint256 id)', 'fill((address maker, uint256[2] amounts) order, bytes data)', 'claim()', 'set(string)')
const scope = fc.oneof(fc.record({ signature }), fc.record({ signature, args: fc.array(fc.option(bytes), { maxLength: 3 }) }))

const joined = (type: PermissionType, ...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts, common).map((values) => Object.assign({ type }, ...values) as Permission)
const limit = fc.record({ limit: amount })
const periodic = fc.record({ limit: amount, period: count })
const stream = fc.record({ initial: amount, perSecond: amount, max: amount })
const permission = fc.oneof(
  { weight: 4, arbitrary: joined('contract-call', fc.record({ address, valueLimit: fc.oneof(fc.constant(0n), amount) }), fc.record({ functions: fc.array(scope, { minLength: 1, maxLength: 5 }), callLimit: count }, orNot)) },
  { weight: 3, arbitrary: joined('erc20-token-allowance', token, limit, payee) },
  { weight: 3, arbitrary: joined('native-token-allowance', limit, payee) },
  joined('erc20-token-periodic', token, periodic, payee),
  joined('erc20-token-stream', token, stream, payee),
  joined('native-token-periodic', periodic, payee),
  joined('native-token-stream', stream, payee),
  joined('erc721-token-transfer', token, fc.record({ tokenId: amount })),
)
const sayable: readonly PermissionType[] = ['contract-call', 'erc20-token-allowance', 'native-token-allowance']
const abilities: fc.Arbitrary<WalletAbilities> = fc.record(
  {
    list: fc.constant(false),
    types: fc.subarray([...sayable]).map((types) => new Set(types)),
    rules: fc.subarray(['call-limit', 'rate-limit', 'token-allowance']).map((policies) => new Map(sayable.map((type) => [type, new Set(policies)]))),
  },
  { requiredKeys: ['list'] },
)

type Said = Exclude<Expression, { impossible: string }>
const said = (expression: Expression | undefined): expression is Said => expression !== undefined && !('impossible' in expression)

/** What a wallet that does as it is told answers, after a journey as JSON. */
function grantedBy(expressed: readonly Permission[]): readonly Permission[] {
  const request = { chainId: 1, account: getAddress(`0x${'01'.repeat(20)}`), delegate: getAddress(`0x${'02'.repeat(20)}`), permissions: expressed, expiry } as const
  const { params } = JSON.parse(JSON.stringify(erc7715From2024.encodeGrant(request))) as { params: [{ permissions: object[]; expiry: number }] }
  const [{ permissions: grantedPermissions }] = params
  return erc7715From2024.decodeGrant({ expiry: params[0].expiry, grantedPermissions, permissionsContext: 's' }, request).granted.map((granted) => granted.permission)
}

const withoutOptional = (given: Permission) => {
  const { optional, ...rest } = given
  return { rest, optional }.rest as Permission
}

test('what a wallet repeats is read as what was expressed', () => {
  fc.assert(
    fc.property(fc.array(permission, { minLength: 1, maxLength: 6 }), abilities, (asked, wallet) => {
      const expressed = erc7715From2024.express(asked, wallet).filter(said).map((expression) => expression.permission)
      fc.pre(expressed.length > 0)
      expect(grantedBy(expressed)).toEqual(expressed.map(withoutOptional))
    }),
    { numRuns: 500 },
  )
})

test('it is more than was asked only where the expression says so, and less only where it says so', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(permission, abilities, (asked, wallet) => {
      const [expression] = erc7715From2024.express([asked], wallet)
      fc.pre(said(expression))
      const granted = grantedBy([expression.permission])
      const differences = compare({ permissions: [asked], expiry }, { permissions: granted, expiry })
      for (const { path, kind } of differences) {
        const said = expression.losses.find(({ field }) => field === path || field.startsWith(`${path}[`))
        expect({ path, kind: said?.kind }).toEqual({ path, kind: kind === 'broader' ? 'widened' : 'narrowed' })
        seen.add(path)
      }
      // A loss of arguments may change nothing: another entry may allow the whole function.
      for (const { field } of expression.losses.filter(({ field }) => !field.startsWith('functions['))) {
        expect(differences.map(({ path }) => path)).toContain(field)
      }
    }),
    { numRuns: 1_000 },
  )
  expect([...seen].sort()).toEqual(['functions', 'payee', 'startTime', 'valueLimit'])
}, 30_000)

test('where transactions are counted all share one limit, which is never above any that was asked', () => {
  fc.assert(
    fc.property(fc.array(permission, { minLength: 1, maxLength: 6 }), (asked) => {
      const wallet: WalletAbilities = { list: true, counts: 'transactions' }
      const expressions = erc7715From2024.express(asked, wallet)
      const expressed = expressions.filter(said).map((expression) => expression.permission)
      fc.pre(expressed.length > 0)
      const request = { chainId: 1, account: getAddress(`0x${'01'.repeat(20)}`), delegate: getAddress(`0x${'02'.repeat(20)}`), permissions: expressed, expiry, abilities: wallet } as const
      const sent = erc7715From2024.encodeGrant(request).params[0]?.permissions ?? []
      const limits = asked.flatMap((one, index) => (said(expressions[index]) && one.type === 'contract-call' && one.callLimit !== undefined ? [one.callLimit] : []))
      const calls = sent.filter(({ type }) => type === 'contract-call')
      expect(calls.map(({ policies }) => policies)).toEqual(calls.map(() => (limits.length > 0 ? [{ type: 'rate-limit', data: { count: Math.min(...limits), interval: 0 } }] : [])))
      expect(erc7715From2024.decodeGrant({ expiry, grantedPermissions: sent, permissionsContext: 's' }, request).granted.map((granted) => granted.permission)).toEqual(expressed.map(withoutOptional))
      asked.forEach((one, index) => {
        const expression = expressions[index]
        if (!said(expression) || one.type !== 'contract-call') return
        const losses = expression.losses.filter(({ field }) => field === 'callLimit').map(({ kind }) => kind)
        expect(losses).toEqual(limits.length === 0 ? [] : [one.callLimit === undefined ? 'narrowed' : 'widened'])
      })
    }),
    { numRuns: 500 },
  )
})

test('each type is sayable or impossible, always the same way, unless the wallet lacks it', () => {
  fc.assert(
    fc.property(permission, (asked) => {
      const [expression] = erc7715From2024.express([asked], { list: false })
      expect(said(expression)).toBe(sayable.includes(asked.type))
    }),
  )
})
