import { maxUint256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { planCalls } from '../../src/actions/checkCalls.js'
import { readSessionUsage } from '../../src/actions/getPermissionUsage.js'
import type { Dialect, OnChainGrant } from '../../src/dialects/dialect.js'
import { openfort } from '../../src/dialects/openfort.js'
import type { ContractCallPermission } from '../../src/permissions/permission.js'
import { createTestWrapper, mockSession, mockWallet } from '../../src/testing/index.js'

const sword = '0x0000000000000000000000000000000000005401'
const call = { to: sword, value: 0n, data: '0x6a627842' } as const
const contract = (callLimit?: number): ContractCallPermission => ({ type: 'contract-call', address: sword, valueLimit: maxUint256, ...(callLimit === undefined ? {} : { callLimit }) })

/** A session of a wallet that keeps its grants itself, and what its account says of it. */
function opaque(granted: ContractCallPermission, within: ContractCallPermission | undefined, onChain: OnChainGrant | undefined) {
  const { config } = createTestWrapper({ wallet: mockWallet() })
  const dialect: Dialect = { ...openfort, readOnChain: async () => onChain }
  const session = { ...mockSession({ status: 'active' }), dialect: 'openfort', granted: [{ permission: granted, ...(within ? { within } : {}) }] }
  return { config: { ...config, dialect }, session }
}
const usageOf = async ({ config, session }: ReturnType<typeof opaque>) => {
  const { permissions, counted } = await readSessionUsage(config, session)
  return { calls: permissions[0]?.calls, counted }
}

describe('a limit on calls of a grant that is no delegation', () => {
  test('is what the account counts', async () => {
    expect(await usageOf(opaque(contract(10), undefined, { revoked: false, callsLeft: 7 }))).toEqual({ calls: { limit: 10, left: 7 }, counted: true })
  })

  test('where the kit holds itself to less, what was made counts against that', async () => {
    expect(await usageOf(opaque(contract(10), contract(5), { revoked: false, callsLeft: 7 }))).toEqual({ calls: { limit: 5, left: 2 }, counted: true })
    expect(await usageOf(opaque(contract(10), contract(5), { revoked: false, callsLeft: 1 }))).toEqual({ calls: { limit: 5, left: 0 }, counted: true })
  })

  const plan = (world: ReturnType<typeof opaque>, count: number) => planCalls(world.config, world.session, Array.from({ length: count }, () => call))

  test('that the wallet keeps, and cannot be asked about, is not known: said so, and a batch is held to the limit', async () => {
    const world = opaque(contract(5), undefined, undefined)
    expect(await usageOf(world)).toEqual({ calls: { limit: 5, left: undefined }, counted: false })
    expect(await plan(world, 5)).toMatchObject({ covers: Array.from({ length: 5 }, () => ({ permission: 0 })) })
    expect(await plan(world, 6)).toMatchObject({ error: { name: 'CallLimitExceededError', call: 5 } })
  })

  test.each<[string, ContractCallPermission, OnChainGrant | undefined]>([
    ['the account counts no calls', contract(), { revoked: false }],
    ['the account counts, and nothing says from where', contract(), { revoked: false, callsLeft: 9 }],
    ['the account cannot be asked how many of more were made', contract(10), undefined],
    ['the account has not heard of the key', contract(10), { revoked: undefined }],
  ])('that only the kit would keep allows none where %s', async (_, granted, onChain) => {
    const world = opaque(granted, contract(5), onChain)
    expect(await usageOf(world)).toEqual({ calls: { limit: 5, left: undefined, atOnce: 0 }, counted: false })
    expect(await plan(world, 1)).toMatchObject({ error: { name: 'CallLimitExceededError', call: 0, message: expect.stringContaining('Nothing counts the calls') } })
  })

  test('that is not there is not counted', async () => {
    expect(await usageOf(opaque(contract(), undefined, { revoked: false }))).toEqual({ calls: undefined, counted: true })
  })
})
