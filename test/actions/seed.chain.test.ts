import { erc20Abi, parseUnits, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import type { Provider } from '../../src/dialects/dialect.js'
import { ArgumentNotAllowedError, SpendLimitExceededError } from '../../src/execution/errors.js'
import { relayLane } from '../../src/execution/relayLane.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { framework } from '../../src/delegation/framework.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { describePermission } from '../../src/permissions/describe.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { newAccount, startShop } from '../startShop.js'

const usd = (amount: number) => parseUnits(String(amount), 6)

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
})
afterAll(() => world.stop())

const consent = () => world.questions.at(-1) as PermissionConsentRequest
const approve = (spender: Hex, amount: bigint) => ({ to: world.usd, abi: erc20Abi, functionName: 'approve', args: [spender, amount] }) as const
const transfer = (to: Hex, amount: bigint) => ({ to: world.usd, abi: erc20Abi, functionName: 'transfer', args: [to, amount] }) as const
const allowance = (spender: Hex) =>
  world.chain.client.readContract({ address: world.usd, abi: erc20Abi, functionName: 'allowance', args: [world.player, spender] })

test('the request as written, word for word, then approve and transfer in one atomic batch', async () => {
  const session = newAccount()
  const [connector] = world.config.wagmi.connectors
  const provider = (await connector?.getProvider()) as Provider
  const answer = (await provider.request({
    method: 'wallet_grantPermissions',
    params: [
      {
        signer: { type: 'account', data: { id: session.address } },
        expiry: 60 * 60 * 24,
        permissions: [{ type: 'contract-call', data: { address: world.usd, calls: [] }, policies: [] }],
      },
    ],
  })) as { permissionsContext: Hex; expiry: number }

  const { timestamp } = await world.chain.client.getBlock()
  expect(answer.expiry - Number(timestamp)).toBeGreaterThan(86_400 - 60)
  expect(answer.expiry - Number(timestamp)).toBeLessThanOrEqual(86_400 + 60)
  const asked = consent()
  const [permission] = asked.permissions
  if (!permission) throw new Error('nothing was asked')
  const words = describePermission(permission, { metadata: asked.metadata })
  expect(words.summary).toBe('anything on Test USD, no limit')
  expect(words.warnings).not.toEqual([])
  const granted = [{ permission, context: answer.permissionsContext, delegationManager: framework.DelegationManager }]
  const calls = encodeSessionCalls([approve(world.shop, usd(20)), transfer(world.shop, usd(5))])
  const { receipt } = await relayLane(createRelayClient({ url: world.relay.url })).send({
    chainId: world.chain.chain.id,
    client: world.chain.client,
    signer: session,
    redemptions: redemptionsFor(granted, calls, [{ permission: 0 }, { permission: 0 }]),
    now: Number(timestamp),
  })
  expect(receipt.status).toBe('success')
  expect(await allowance(world.shop)).toBe(usd(20))
  expect(await world.balance(world.usd, world.shop)).toBe(usd(5))
})

test('the same batch safely: the approval pinned and counted, the transfer under a cap', async () => {
  const spender = newAccount().address
  const safe = defineSession({
    name: 'safe',
    expiry: expiresIn({ days: 1 }),
    permissions: [
      contractCall({ address: world.usd, abi: erc20Abi, functions: [{ name: 'approve', args: [spender, usd(20)] }], callLimit: 1 }),
      erc20Allowance({ token: world.usd, limit: usd(10) }),
    ],
  })
  await world.grant(safe)
  const asked = consent()
  const warnings = asked.permissions.flatMap((permission) => describePermission(permission, { metadata: asked.metadata }).warnings)
  expect(warnings.join()).toMatch(/approval outlives the session/)

  await expect(world.send([approve(world.shop, usd(20)), transfer(world.shop, usd(5))], safe)).rejects.toThrow(ArgumentNotAllowedError)
  for (const bad of [approve(world.shop, usd(20)), approve(spender, usd(21))]) {
    await expect(world.force([bad, transfer(world.shop, usd(5))], safe)).rejects.toMatchObject({
      name: 'ArgumentNotAllowedError',
      by: 'chain',
      revert: { contract: 'ExactExecutionEnforcer' },
    })
  }

  await world.send([approve(spender, usd(20)), transfer(world.shop, usd(5))], safe)
  expect(await allowance(spender)).toBe(usd(20))
  await expect(world.send([transfer(world.shop, usd(6))], safe)).rejects.toThrow(SpendLimitExceededError)
})

test('one permission with a free function and a pinned one: each on its own terms, on-chain', async () => {
  const mixed = defineSession({
    name: 'mixed',
    expiry: expiresIn({ hours: 1 }),
    permissions: [
      contractCall({
        address: world.sword,
        abi: [...swordAbi],
        functions: ['mint', { name: 'approve', args: [world.shop, 1n] }],
        callLimit: 3,
      }),
    ],
  })
  await world.grant(mixed)
  const give = (to: Hex) => ({ to: world.sword, abi: erc20Abi, functionName: 'approve', args: [to, 1n] }) as const
  await world.send([world.mint], mixed)
  await world.send([give(world.shop)], mixed)
  await expect(world.send([give(world.player)], mixed)).rejects.toThrow(ArgumentNotAllowedError)
  await expect(world.force([give(world.player)], mixed)).rejects.toMatchObject({ by: 'chain', name: 'ArgumentNotAllowedError' })
})
