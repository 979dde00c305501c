import { pad, type Address, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { caveats } from '../../src/delegation/caveats.js'
import { hashDelegation, randomSalt, type Caveat } from '../../src/delegation/delegation.js'
import { enforcers, framework, rootAuthority } from '../../src/delegation/framework.js'
import type { Redemption } from '../../src/delegation/redeem.js'
import { sharedLogs } from '../../src/execution/sharedLogs.js'

const account: Address = '0x00000000000000000000000000000000000000a1'
const key: Address = '0x00000000000000000000000000000000000000b2'
const game: Address = '0x00000000000000000000000000000000000000c3'

function redemptionWith(...limits: Caveat[]): Redemption {
  const delegation = { delegate: key, delegator: account, authority: rootAuthority, caveats: limits, salt: randomSalt(), signature: '0x' } as const
  return { delegations: [delegation], execution: { to: game, value: 0n, data: '0x' } }
}

type TestLog = { address: Address; topics: [Hex, ...Hex[]] }
const said = (what: string): TestLog => ({ address: game, topics: [pad(`0x${Buffer.from(what).toString('hex')}`)] })
const manager: TestLog = { address: framework.DelegationManager, topics: ['0x01'] }
function counted({ delegations: [delegation] }: Redemption, by: Address = framework.DelegationManager): TestLog {
  if (!delegation) throw new Error('no delegation')
  return { address: enforcers.LimitedCallsEnforcer, topics: ['0x02', pad(by).toLowerCase() as Hex, pad(key), hashDelegation(delegation)] }
}

const [one, other] = [redemptionWith(caveats.callLimit(5)), redemptionWith(caveats.callLimit(5))]

test('each send has what its own calls logged, its count before them, and nothing of the manager', () => {
  const logs = [counted(one), said('a'), counted(other), counted(one), said('b'), said('c'), counted(one), manager, manager]
  expect(sharedLogs(logs, [[one], [other, one], [one]])).toEqual([[counted(one), said('a')], [counted(other), counted(one), said('b'), said('c')], [counted(one)]])
})

test('a count that a called contract had made itself divides nothing', () => {
  const logs = [counted(one), counted(other, game), said('a'), counted(other), said('b')]
  expect(sharedLogs(logs, [[one], [other]])).toEqual([[counted(one), counted(other, game), said('a')], [counted(other), said('b')]])
})

test('where a call is not counted they cannot be told apart', () => {
  const uncounted = redemptionWith(caveats.targets([game]))
  expect(sharedLogs([counted(one), said('a'), said('b')], [[one], [uncounted]])).toBeUndefined()
  expect(sharedLogs([said('a')], [[one]])).toBeUndefined()
})
