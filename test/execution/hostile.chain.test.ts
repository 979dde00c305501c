import { encodeFunctionData, parseEther, type LocalAccount } from 'viem'
import { sendTransaction } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldAbi, swordAbi } from '../../demo/contracts/artifacts.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { caveats } from '../../src/delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Delegation } from '../../src/delegation/delegation.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { decodeRedeemDelegations, encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { revertError } from '../../src/execution/errors.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import { relayLane } from '../../src/execution/relayLane.js'
import { createRelayClient, type RelayClient } from '../../src/execution/relayClient.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import type { Session } from '../../src/sessions/session.js'
import { gold, newAccount, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
let session: Session
let signer: LocalAccount
const thief = newAccount()
const accountOf = async (of: Session) => (await world.config.sessions.signer(of)) as LocalAccount

beforeAll(async () => {
  world = await startShop({ lane: 'relay' })
  session = (await world.grant()).session
  signer = await accountOf(session)
  // A first batch makes the session's account a smart account, as it is in practice.
  await world.send(world.buy())
  await world.chain.setBalance(thief.address, parseEther('10'))
})
afterAll(() => world.stop())

/**
 * Puts it into a block past every check of ours and of the node, as a thief or a hostile relay would, and reads why the
 * contracts reverted it.
 */
async function redeem(by: LocalAccount, redemptions: readonly Redemption[]): Promise<Error> {
  const { client, chain } = world.chain
  const transaction = { account: by, chain, to: framework.DelegationManager, data: encodeRedeemDelegations(redemptions) }
  const hash = await sendTransaction(client, { ...transaction, gas: 3_000_000n })
  const { status } = await client.waitForTransactionReceipt({ hash })
  expect(status, 'the chain let it through').toBe('reverted')
  const error: unknown = await sendTransaction(client, transaction).catch((refusal: unknown) => refusal)
  const bytes = findRevertData(error)
  return revertError(bytes ? decodeRevertReason(bytes) : undefined, error as Error)
}

const mintRedemption = () => redemptionsFor(session.granted as DelegatedPermission[], encodeSessionCalls([world.mint]), [{ permission: 0 }])[0] as Redemption

async function leafFor(redemption: Redemption, delegate = thief.address, change: Partial<Delegation> = {}): Promise<Delegation> {
  const leaf = {
    delegate,
    delegator: session.address,
    authority: hashDelegation(redemption.delegations[0] as Delegation),
    caveats: [caveats.exactExecution(redemption.execution), caveats.callLimit(1), caveats.time({ until: session.expiry })],
    salt: randomSalt(),
  }
  return { ...leaf, signature: await signer.signTypedData(delegationTypedData(leaf, session.chainId)), ...change }
}

describe('mined, and reverted by the contracts', () => {
  const [mintPermission, goldPermission] = [{ permission: 0 }, { permission: 1 }]
  const redemptionOf = (call: unknown, cover: { permission: number }, of = session) => redemptionsFor(of.granted as DelegatedPermission[], encodeSessionCalls([call]), [cover])

  beforeAll(() => world.chain.setBalance(session.address, parseEther('10')))

  test.each([
    ['over the limit', () => redemptionOf(world.pay(gold(901)), goldPermission), 'SpendLimitExceededError'],
    ['wrong function', () => redemptionOf({ ...world.mint, functionName: 'approve', args: [world.shop, 1n] }, mintPermission), 'FunctionNotAllowedError'],
    ['wrong contract', () => redemptionOf({ ...world.mint, to: world.usd }, mintPermission), 'ContractNotAllowedError'],
    ['wrong token', () => redemptionOf({ ...world.pay(1n), to: world.usd }, goldPermission), 'ContractNotAllowedError'],
    ['native token with the call', () => redemptionOf({ ...world.mint, value: 1n }, mintPermission), 'ValueLimitExceededError'],
  ])('%s', async (_, redemptions, name) => {
    await world.chain.setBalance(world.player, 5n)
    const before = [await world.swords(), await world.balance(world.gold, world.player)]
    expect(await redeem(signer, redemptions())).toMatchObject({ name, by: 'chain' })
    expect([await world.swords(), await world.balance(world.gold, world.player)]).toEqual(before)
  })

  test('wrong pinned argument', async () => {
    const pinned = contractCall({ address: world.sword, abi: swordAbi, functions: [{ name: 'mint', args: [world.player] }] })
    const granted = (await world.grant({ name: 'pinned', expiry: expiresIn({ days: 1 }), permissions: [pinned] })).session
    const key = await accountOf(granted)
    await world.chain.setBalance(granted.address, parseEther('1'))
    expect(await redeem(key, redemptionOf({ ...world.mint, args: [thief.address] }, mintPermission, granted))).toMatchObject({
      name: 'ArgumentNotAllowedError',
      by: 'chain',
    })
  })

  test('revoked', async () => {
    const granted = (await world.grant({ ...world.shopping, name: 'short' })).session
    const key = await accountOf(granted)
    await world.chain.setBalance(granted.address, parseEther('1'))
    await revokePermissions(world.config, { id: granted.id })
    expect(await redeem(key, redemptionOf(world.mint, mintPermission, granted))).toMatchObject({ name: 'SessionRevokedError', by: 'chain' })
  })

  test('expired: the chain’s clock was moved', async () => {
    const brief = await world.grant({ ...world.shopping, name: 'brief', expiry: expiresIn({ minutes: 5 }) })
    const key = await accountOf(brief.session)
    await world.chain.setBalance(brief.session.address, parseEther('1'))
    await world.chain.increaseTime(301)
    expect(await redeem(key, redemptionOf(world.mint, mintPermission, brief.session))).toMatchObject({ name: 'SessionExpiredError', by: 'chain' })
  })
})

test('another key than the one granted to', async () => {
  expect(await redeem(thief, [mintRedemption()])).toMatchObject({ name: 'WrongSessionKeyError', by: 'chain' })
})

test('a grant whose limits were altered after the user signed it', async () => {
  const { delegations, execution } = mintRedemption()
  const [root] = delegations as readonly [Delegation]
  await world.chain.setBalance(session.address, parseEther('1'))
  const widened = { ...root, caveats: [caveats.time({ until: session.expiry })] }
  expect(await redeem(signer, [{ delegations: [widened], execution }])).toMatchObject({ name: 'AlteredDelegationError', by: 'chain' })
  await world.chain.setBalance(session.address, 0n)
})

test('a signed leaf made to carry another call', async () => {
  const mint = mintRedemption()
  const leaf = await leafFor(mint)
  const [other] = encodeSessionCalls([{ ...world.mint, args: [thief.address] }])
  if (!other) throw new Error('no call')
  expect(await redeem(thief, [{ delegations: [leaf, ...mint.delegations], execution: other }])).toMatchObject({
    name: 'ArgumentNotAllowedError',
    revert: { contract: 'ExactExecutionEnforcer' },
  })
})

test('a signed leaf whose own text was altered', async () => {
  const mint = mintRedemption()
  const leaf = await leafFor(mint, thief.address, { caveats: [] })
  expect(await redeem(thief, [{ ...mint, delegations: [leaf, ...mint.delegations] }])).toMatchObject({ name: 'AlteredDelegationError' })
})

test('a leaf used a second time', async () => {
  const mint = mintRedemption()
  const leaf = await leafFor(mint)
  const delegations = [leaf, ...mint.delegations]
  const { client, chain } = world.chain
  const hash = await sendTransaction(client, {
    account: thief,
    chain,
    to: framework.DelegationManager,
    data: encodeRedeemDelegations([{ ...mint, delegations }]),
  })
  expect((await client.waitForTransactionReceipt({ hash })).status).toBe('success')
  expect(await redeem(thief, [{ ...mint, delegations }])).toMatchObject({ revert: { contract: 'LimitedCallsEnforcer', reason: 'limit-exceeded' } })
})

test('a leaf after its deadline', async () => {
  const mint = mintRedemption()
  const late = { caveats: [caveats.exactExecution(mint.execution), caveats.callLimit(1), caveats.time({ until: 1_000_000_000 })] }
  const unsigned = { ...(await leafFor(mint)), ...late }
  const signature = await signer.signTypedData(delegationTypedData(unsigned, session.chainId))
  expect(await redeem(thief, [{ ...mint, delegations: [{ ...unsigned, signature }, ...mint.delegations] }])).toMatchObject({
    name: 'SessionExpiredError',
  })
})

test('a hostile relay that takes the payment out of a batch and leaves the rest', async () => {
  // What the relay lane hands over for [pay, mint], caught instead of sent.
  let handed: Parameters<RelayClient['send']>[0] | undefined
  const honest = createRelayClient({ url: world.relay.url })
  const hostile: RelayClient = {
    ...honest,
    getCapabilities: async () => ({ ...(await honest.getCapabilities(session.chainId)), targetAddress: thief.address }),
    send: (transaction) => {
      handed = transaction
      return Promise.reject(new Error('kept'))
    },
  }
  const calls = encodeSessionCalls(world.buy())
  const redemptions = redemptionsFor(session.granted as DelegatedPermission[], calls, [{ permission: 1 }, { permission: 0 }])
  const request = { chainId: session.chainId, client: world.chain.client, signer, redemptions, now: session.expiry - 1000 }
  await expect(relayLane(hostile).send(request)).rejects.toThrow('kept')

  const outer = decodeRedeemDelegations(handed?.data ?? '0x')
  const [{ delegations, execution }] = outer as readonly [Redemption]
  const inner = decodeRedeemDelegations(execution.data) as readonly Redemption[]
  expect(inner).toHaveLength(2)
  const payment = inner[0] as Redemption
  const before = await world.balance(world.gold, world.shop)

  // Alone: the inner permission names the session account, not the relay.
  expect(await redeem(thief, [payment])).toMatchObject({ name: 'WrongSessionKeyError' })
  // Under the leaf: it pins the whole inner call.
  const [leaf] = delegations
  const part = { to: framework.DelegationManager, value: 0n, data: encodeRedeemDelegations([payment]) }
  expect(await redeem(thief, [{ delegations: [leaf as Delegation], execution: part }])).toMatchObject({
    revert: { contract: 'ExactExecutionEnforcer', reason: 'invalid-execution' },
  })
  // Under the leaf, as the payment's own authority: it stands on nothing but the session account.
  expect((leaf as Delegation).authority).toBe(rootAuthority)
  expect(await redeem(thief, [{ delegations: [leaf as Delegation, ...payment.delegations], execution: payment.execution }])).toMatchObject({
    name: 'AlteredDelegationError',
  })
  expect(await world.balance(world.gold, world.shop)).toBe(before)
})

test('a transfer hidden in a call that only looks like one', async () => {
  const data = encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [world.shop, gold(1)] })
  const padded = { to: world.gold, value: 0n, data: `${data}00` as const }
  await expect(world.force([padded])).rejects.toMatchObject({ by: 'chain', revert: { contract: 'ERC20TransferAmountEnforcer' } })
})
