import { maxUint256 } from 'viem'
import { expect, test, vi } from 'vitest'
import { sendSessionCalls } from '../../src/actions/sendSessionCalls.js'
import type { Dialect } from '../../src/dialects/dialect.js'
import { openfort } from '../../src/dialects/openfort.js'
import type { Permission } from '../../src/permissions/permission.js'
import { createTestWrapper, mockSession, mockWallet } from '../../src/testing/index.js'

const sword = '0x0000000000000000000000000000000000005401'
const gold = '0x0000000000000000000000000000000000006011'
const swords: Permission = { type: 'contract-call', address: sword, callLimit: 5, valueLimit: maxUint256 }
const call = (to: typeof sword | typeof gold) => ({ to, data: '0x6a627842' }) as const

/** An app with a live session whose grant is the account's own affair. */
function app(dialectId: 'openfort' | 'erc7715-2024') {
  const wallet = mockWallet()
  const session = { ...mockSession({ status: 'active', permissions: [swords], dialect: dialectId }), granted: [{ permission: swords }], handle: 'ses_1' }
  const { config } = createTestWrapper({ wallet, sessions: [session] })
  const execute = vi.fn(async () => ({ id: 'done' }) as never)
  const dialect: Dialect = { ...openfort, id: dialectId, namesChain: true, readOnChain: async () => ({ revoked: false, callsLeft: 5 }) }
  return { execute, config: { ...config, dialect, executors: { ...config.executors, [dialectId]: execute } } }
}

test.each(['openfort', 'erc7715-2024'] as const)('%s: the check is not skipped where no contract is known to hold the session to its limits', async (dialect) => {
  const { config, execute } = app(dialect)
  for (const to of [sword, gold] as const) {
    await expect(sendSessionCalls(config, { calls: [call(to)], skipCheck: true })).rejects.toMatchObject({ name: 'SkipCheckNotAllowedError' })
  }
  expect(execute).not.toHaveBeenCalled()

  await expect(sendSessionCalls(config, { calls: [call(gold)] })).rejects.toMatchObject({ name: 'ContractNotAllowedError', by: 'check' })
  expect(execute).not.toHaveBeenCalled()
  expect(await sendSessionCalls(config, { calls: [call(sword)], skipCheck: false })).toEqual({ id: 'done' })
  expect(execute).toHaveBeenCalledTimes(1)
})
