import { createWalletClient, encodeFunctionData, http, parseAbi, parseEther, type Hex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { checkCalls } from '../../src/actions/checkCalls.js'
import { getPermissionUsage } from '../../src/actions/getPermissionUsage.js'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { currentNonceAbi } from '../../src/delegation/abis.js'
import { caveats } from '../../src/delegation/caveats.js'
import { decodeContext, encodeContext } from '../../src/delegation/context.js'
import { delegationTypedData, type Delegation } from '../../src/delegation/delegation.js'
import { enforcers, framework } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { gold, newAccount, startShop } from '../startShop.js'
import { startMetaMask } from './startMetaMask.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
  await world.grant()
  await world.chain.setBalance(world.player, parseEther('1'))
})
afterAll(() => world.stop())

/** A wallet that signs what it is asked for, for the nonce after the account's own, to whoever holds the key. */
async function grantedForTheNextNonce() {
  const { wallet, config } = await startMetaMask(world)
  const holder = newAccount()
  await world.chain.setBalance(holder.address, parseEther('1'))
  const nonce = 1n + (await world.chain.client.readContract({ address: enforcers.NonceEnforcer, abi: currentNonceAbi, functionName: 'currentNonce', args: [framework.DelegationManager, world.player] }))
  let signed: Delegation | undefined
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (call.method !== 'wallet_requestExecutionPermissions') return answer
    const [row] = answer as [{ context: Hex }]
    const [unsigned] = decodeContext(row.context) as [Delegation]
    const isNonce = ({ enforcer }: { enforcer: Hex }) => enforcer.toLowerCase() === enforcers.NonceEnforcer.toLowerCase()
    const next = { ...unsigned, caveats: unsigned.caveats.map((one) => (isNonce(one) ? caveats.nonce(nonce) : one)) }
    signed = { ...next, signature: await world.owner.signTypedData(delegationTypedData(next, world.chain.chain.id)) }
    return [{ ...row, context: encodeContext([signed]) }]
  }
  const { session } = await grantPermissions(config, { name: 'spending', permissions: [erc20Allowance({ token: world.gold, limit: gold(100) })], expiry: expiresIn({ days: 1 }), key: holder })
  const redeem = async () => {
    const execution = { to: world.gold, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [newAccount().address, gold(100)] }) }
    const data = encodeRedeemDelegations([{ delegations: [signed as Delegation], execution }])
    const client = createWalletClient({ account: holder, chain: world.chain.chain, transport: http(world.chain.rpcUrl) })
    const hash = await client.sendTransaction({ to: framework.DelegationManager, data, gas: 1_000_000n })
    return (await world.chain.client.waitForTransactionReceipt({ hash })).status
  }
  return { wallet, config, session, redeem }
}

/** "End everything at once", as MetaMask lets its user. */
async function countOn() {
  const owner = createWalletClient({ account: world.owner, chain: world.chain.chain, transport: http(world.chain.rpcUrl) })
  const data = encodeFunctionData({ abi: parseAbi(['function incrementNonce(address delegationManager)']), functionName: 'incrementNonce', args: [framework.DelegationManager] })
  await world.chain.client.waitForTransactionReceipt({ hash: await owner.sendTransaction({ to: enforcers.NonceEnforcer, data }) })
}

test('a delegation for a later nonce allows nothing, and is not taken for revoked; ending it ends it for good', async () => {
  const { config, session, redeem } = await grantedForTheNextNonce()
  const { permissions, revoked } = await getPermissionUsage(config, { session: session.id })
  expect({ revoked, permissions }).toMatchObject({ revoked: false, permissions: [{ disabled: false, waiting: true, amount: { limit: gold(100), left: 0n } }] })
  expect(await checkCalls(config, { session: session.id, calls: [world.pay(gold(1))] })).toMatchObject({ allowed: false })
  expect((await config.sessions.get(session.id))?.status).not.toBe('revoked')

  const { revokedAt } = await revokePermissions(config, { id: session.id })
  expect(revokedAt.transactionHash).toMatch(/^0x/)
  await countOn()
  expect(await redeem()).toBe('reverted')
})

test('left alone it comes to life with that nonce', async () => {
  const { config, session, redeem } = await grantedForTheNextNonce()
  await countOn()
  expect((await getPermissionUsage(config, { session: session.id })).permissions).toMatchObject([{ disabled: false, waiting: false, amount: { left: gold(100) } }])
  expect(await redeem()).toBe('success')
  await countOn()
  expect((await getPermissionUsage(config, { session: session.id })).permissions).toMatchObject([{ disabled: true }])
})
