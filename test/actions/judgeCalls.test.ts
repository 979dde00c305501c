import { encodeFunctionData, erc20Abi, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { judgeCalls } from '../../src/actions/checkCalls.js'
import type { GetPermissionUsageReturnType } from '../../src/actions/getPermissionUsage.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'

const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const now = 1_800_000_000

const permissions = [erc20Allowance({ token: gold, limit: 10n }), erc20Allowance({ token: gold, limit: 5n })]
const session = { expiry: now + 100, granted: permissions.map((permission) => ({ permission })) }
const pay = (amount: bigint) => ({ to: gold, value: 0n, data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [shop, amount] }) })

type State = { disabled?: boolean; waiting?: boolean }
function usage(...states: State[]): GetPermissionUsageReturnType {
  return {
    permissions: permissions.map((permission, index) => ({
      permission,
      amount: { limit: permission.limit, left: states[index]?.waiting ? 0n : permission.limit },
      disabled: states[index]?.disabled ?? false,
      waiting: states[index]?.waiting ?? false,
    })),
    counted: true,
    revoked: states.some(({ disabled }) => disabled),
    expired: false,
    asOf: { blockNumber: 1n, timestamp: now },
  }
}

describe.each([['revoked', { disabled: true }], ['for a later nonce', { waiting: true }]] as const)('a permission that is %s', (_, state) => {
  test('leaves its calls to another one that allows them', () => {
    expect(judgeCalls(session, [pay(5n)], usage(state))).toEqual({ covers: [{ permission: 1 }], isStarting: false })
  })
})

test('calls that only a revoked permission would allow are refused for that', () => {
  expect(judgeCalls(session, [pay(1n), pay(6n)], usage({ disabled: true }))).toEqual({ revoked: 0 })
  expect(judgeCalls(session, [pay(1n)], usage({ disabled: true }, { disabled: true }))).toEqual({ revoked: 0 })
  expect(judgeCalls(session, [pay(11n)], usage({ disabled: true }))).toMatchObject({ refusal: { reason: 'spend-limit-exceeded' } })
})
