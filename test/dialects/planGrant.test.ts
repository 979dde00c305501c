import { maxUint256, parseAbi } from 'viem'
import { expect, test } from 'vitest'
import { PermissionNotSupportedError, PermissionWidenedError, UnknownLossError } from '../../src/dialects/errors.js'
import { openfort } from '../../src/dialects/openfort.js'
import { planGrant } from '../../src/dialects/planGrant.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'

const sword = '0x0000000000000000000000000000000000005401'
const gold = '0x0000000000000000000000000000000000006011'
const abi = parseAbi(['function mint(address to)'])
const mint = contractCall({ address: sword, abi, functions: ['mint'] })
const whole = contractCall({ address: sword, abi, valueLimit: maxUint256 })
const spend = erc20Allowance({ token: gold, limit: 1n })

const plan = (permissions: readonly Permission[], acceptLosses?: readonly string[]) =>
  planGrant({ dialect: openfort, abilities: { list: false }, permissions, acceptLosses, chainId: 1, wallet: 'Openfort' })

test('what can be said as it is loses nothing', () => {
  expect(plan([whole])).toEqual({ asked: [whole], expressed: [whole], losses: [] })
})

test('wider is refused, naming each path; accepting one is not accepting the other', () => {
  expect(() => plan([mint])).toThrow(PermissionWidenedError)
  expect(() => plan([mint], ['permissions[0].functions'])).toThrow(/permissions\[0\]\.valueLimit/)
  expect(() => plan([mint], ['permissions[1].functions', 'permissions[0].valueLimit'])).toThrow()
  const { asked, expressed } = plan([mint], ['permissions[0].functions', 'permissions[0].valueLimit'])
  expect(asked).toEqual([mint])
  expect(expressed).toEqual([whole])
})

test('a required permission without words is refused; an optional one is left out and said to be', () => {
  expect(() => plan([whole, spend])).toThrow(PermissionNotSupportedError)
  const { asked, losses } = plan([{ ...spend, optional: true }, whole])
  expect(asked).toEqual([whole])
  expect(losses).toEqual([expect.objectContaining({ path: 'permissions[0]', kind: 'dropped' })])
})

test('an optional permission that could only be wider is left out, not widened', () => {
  const { asked, losses } = plan([{ ...mint, optional: true }, whole])
  expect(asked).toEqual([whole])
  expect(losses[0]).toMatchObject({ path: 'permissions[0]', kind: 'dropped' })
})

test('nothing left to ask is refused', () => {
  expect(() => plan([{ ...spend, optional: true }])).toThrow(PermissionNotSupportedError)
})

test('a mistyped path is told', () => {
  expect(() => plan([whole], ['permission[0].functions'])).toThrow(UnknownLossError)
  expect(() => plan([whole], ['permissions[3].functions'])).toThrow(UnknownLossError)
})
