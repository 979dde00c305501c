import fc from 'fast-check'
import { encodeAbiParameters, maxUint256, type AbiParameter, type Address, type Hex } from 'viem'
import type { FunctionScope, Permission } from '../../src/permissions/permission.js'

/** Contracts of every kind: with a name, a symbol, decimals, or nothing to say of themselves. */
export const contracts: readonly Address[] = [
  '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0',
]
export const people: readonly Address[] = ['0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC', '0x90F79bf6EB2c4f870365E785982E1f101E93b906']

export const metadata = {
  [contracts[0]!.toLowerCase()]: { name: 'Sword' },
  [contracts[1]!.toLowerCase()]: { name: 'Gold', symbol: 'GOLD', decimals: 18 },
  [contracts[2]!.toLowerCase()]: { name: 'USD Coin', symbol: 'USDC', decimals: 6 },
}

export const now = Date.UTC(2026, 10, 22, 17) / 1000

const address = fc.constantFrom(...contracts)
const person = fc.constantFrom(...people)
/** Small, ordinary and absurd amounts: half of all money is a limit too. */
export const amount = fc.oneof(fc.bigInt({ min: 1n, max: 10n }), fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.bigInt({ min: 1n, max: maxUint256 }), fc.constantFrom(maxUint256, 2n ** 255n, 2n ** 255n - 1n))
const startTime = fc.option(fc.integer({ min: now - 30, max: now + 86_400 }), { nil: undefined })
const optional = fc.option(fc.constant(true), { nil: undefined })
const payee = fc.option(person, { nil: undefined })
const period = fc.oneof(fc.constantFrom(3_600, 86_400, 604_800), fc.integer({ min: 1, max: 10_000_000 }))

const signatures: readonly { signature: string; inputs: readonly AbiParameter[] }[] = [
  { signature: 'mint(address to)', inputs: [{ type: 'address' }] },
  { signature: 'craft(uint256 id)', inputs: [{ type: 'uint256' }] },
  { signature: 'sharpen()', inputs: [] },
  { signature: 'approve(address spender, uint256 amount)', inputs: [{ type: 'address' }, { type: 'uint256' }] },
  { signature: 'increaseAllowance(address spender, uint256 added)', inputs: [{ type: 'address' }, { type: 'uint256' }] },
  { signature: 'transfer(address to, uint256 amount)', inputs: [{ type: 'address' }, { type: 'uint256' }] },
  { signature: 'transferFrom(address from, address to, uint256 amount)', inputs: [{ type: 'address' }, { type: 'address' }, { type: 'uint256' }] },
  { signature: 'setApprovalForAll(address operator, bool approved)', inputs: [{ type: 'address' }, { type: 'bool' }] },
  { signature: 'transferOwnership(address to)', inputs: [{ type: 'address' }] },
]

const argument = ({ type }: AbiParameter): fc.Arbitrary<Hex> =>
  (type === 'address' ? person : type === 'bool' ? fc.boolean() : amount).map((value) => encodeAbiParameters([{ type }], [value]))

const scope: fc.Arbitrary<FunctionScope> = fc.constantFrom(...signatures).chain(({ signature, inputs }) =>
  fc.oneof(
    fc.constant({ signature }),
    fc.tuple(...inputs.map((input) => fc.option(argument(input), { nil: null }))).map((args) => ({ signature, args: args as (Hex | null)[] })),
  ),
)

const common = { startTime, optional }
const limited = { ...common, payee, limit: amount }
// One whose sum no number holds any more allows nothing (`check.test.ts`).
const initial = fc.oneof(fc.constant(0n), amount.map((value) => value / 2n))
const stream = fc.record({ ...common, payee, initial, perSecond: fc.bigInt({ min: 0n, max: 10n ** 18n }), max: amount }).map((one) => ({ ...one, max: one.max < one.initial ? one.initial : one.max }))

export const permission: fc.Arbitrary<Permission> = fc
  .oneof(
    fc.record({
      type: fc.constant('contract-call' as const),
      address,
      functions: fc.option(fc.array(scope, { minLength: 1, maxLength: 6 }), { nil: undefined }),
      callLimit: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      valueLimit: fc.oneof(fc.constant(0n), amount),
      ...common,
    }),
    fc.record({ type: fc.constant('erc20-token-allowance' as const), token: address, ...limited }),
    fc.record({ type: fc.constant('native-token-allowance' as const), ...limited }),
    fc.record({ type: fc.constant('erc20-token-periodic' as const), token: address, period, ...limited }),
    fc.record({ type: fc.constant('native-token-periodic' as const), period, ...limited }),
    fc.tuple(stream, address).map(([one, token]) => ({ type: 'erc20-token-stream' as const, token, ...one })),
    stream.map((one) => ({ type: 'native-token-stream' as const, ...one })),
    fc.record({ type: fc.constant('erc721-token-transfer' as const), token: address, tokenId: fc.bigInt({ min: 0n, max: maxUint256 }), ...common }),
  )
  .map(withoutUndefined)

function withoutUndefined(permission: object): Permission {
  return Object.fromEntries(Object.entries(permission).filter(([, value]) => value !== undefined)) as Permission
}
