import { encodeFunctionData, parseEther, type Address, type PrivateKeyAccount } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import { delegationTypedData, hashDelegation, randomSalt, type Delegation } from '../../src/delegation/delegation.js'
import { anyDelegate, framework, rootAuthority } from '../../src/delegation/framework.js'
import { metaMaskCaveats } from '../../src/delegation/metaMaskCaveats.js'
import { decodeRedeemDelegations, encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { directLane } from '../../src/execution/directLane.js'
import { RedeemerNotAllowedError, revertError } from '../../src/execution/errors.js'
import type { Lane, LaneRequest } from '../../src/execution/lane.js'
import { createRelayClient, type RelayClient } from '../../src/execution/relayClient.js'
import { relayLane } from '../../src/execution/relayLane.js'
import { newAccount, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
  // A first grant makes the player's account a smart account.
  await world.grant()
})
afterAll(() => world.stop())

/** A payment of 1 GOLD unit by a session whose permission was signed as MetaMask signs, for certain redeemers. */
async function redemptionFor(session: PrivateKeyAccount, redeemers: readonly Address[]): Promise<Redemption> {
  const { timestamp } = await getBlock(world.chain.client)
  const permission = { type: 'erc20-token-allowance', token: world.gold, limit: 100n, startTime: Number(timestamp) } as const
  const caveats = metaMaskCaveats(permission, Number(timestamp) + 86_400, 0n, redeemers)
  const unsigned = { delegate: session.address, delegator: world.player, authority: rootAuthority, caveats, salt: randomSalt() } as const
  const delegation: Delegation = { ...unsigned, signature: await world.owner.signTypedData(delegationTypedData(unsigned, world.chain.chain.id)) }
  return { delegations: [delegation], execution: { to: world.gold, value: 0n, data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [world.shop, 1n] }) } }
}

async function requestOf(signer: PrivateKeyAccount, redemptions: readonly Redemption[]): Promise<LaneRequest> {
  const block = await getBlock(world.chain.client)
  return { chainId: world.chain.chain.id, client: world.chain.client, signer, redemptions, now: Number(block.timestamp), blockNumber: block.number }
}

async function send(lane: Lane, redeemers: (session: Address) => readonly Address[], count = 1) {
  const session = newAccount()
  if (lane.name === 'direct') await world.chain.setBalance(session.address, parseEther('1'))
  const redemptions = await Promise.all(Array.from({ length: count }, () => redemptionFor(session, redeemers(session.address))))
  const before = await world.balance(world.gold, world.shop)
  const result = await lane.send(await requestOf(session, redemptions)).catch((error: Error) => error)
  return { result, paid: (await world.balance(world.gold, world.shop)) - before }
}

const refused = expect.objectContaining({ name: 'RedeemerNotAllowedError', by: 'check' }) as unknown
const done = expect.objectContaining({ receipt: expect.objectContaining({ status: 'success' }) as unknown }) as unknown
const somebody = newAccount().address

describe('over the direct lane the session key redeems', () => {
  test('named, alone or among others', async () => {
    expect(await send(directLane(), (session) => [somebody, session])).toEqual({ result: done, paid: 1n })
    expect(await send(directLane(), (session) => [session], 2)).toEqual({ result: done, paid: 2n })
  })

  test('not named: refused before anything is sent, as the chain would', async () => {
    expect(await send(directLane(), () => [somebody])).toEqual({ result: refused, paid: 0n })
    const session = newAccount()
    await world.chain.setBalance(session.address, parseEther('1'))
    const redemption = await redemptionFor(session, [somebody])
    expect(await verdict(session.address, redemption)).toMatchObject({ name: 'RedeemerNotAllowedError', by: 'chain' })
  })
})

/** The contracts' own, for a redemption that is only called. */
async function verdict(by: Address, redemption: Redemption): Promise<Error | undefined> {
  const data = encodeRedeemDelegations([redemption])
  return world.chain.client.call({ account: by, to: framework.DelegationManager, data }).then(
    () => undefined,
    (error: Error) => revertError(decodeRevertReason(findRevertData(error) ?? '0x'), error),
  )
}

/** The shop's relay, and what it was sent. */
function watchedRelay(row: { targetAddress?: Address | undefined } = {}) {
  const relay = createRelayClient({ url: world.relay.url })
  const delegates: Address[] = []
  const watched: RelayClient = {
    ...relay,
    getCapabilities: async (chainId) => ({ ...(await relay.getCapabilities(chainId)), ...row }),
    send: (transaction) => {
      delegates.push(...(decodeRedeemDelegations(transaction.data) ?? []).flatMap(({ delegations }) => delegations.map(({ delegator }) => delegator)))
      return relay.send(transaction)
    },
  }
  return { lane: relayLane(watched), delegates }
}

describe('over a relay', () => {
  test('one call: the relay redeems it where it is named', async () => {
    const { lane, delegates } = watchedRelay()
    expect(await send(lane, () => [world.sponsor.address])).toEqual({ result: done, paid: 1n })
    // The session's leaf on the user's delegation.
    expect(delegates).toHaveLength(2)
  })

  test('one call: the session account does where it is named and the relay is not', async () => {
    const { lane, delegates } = watchedRelay()
    expect(await send(lane, (session) => [session])).toEqual({ result: done, paid: 1n })
    // The user's delegation is inside the call that the leaf pins.
    expect(delegates).toHaveLength(1)
  })

  test('one call: either, where both are named', async () => {
    const { lane, delegates } = watchedRelay()
    expect(await send(lane, (session) => [session, world.sponsor.address])).toEqual({ result: done, paid: 1n })
    expect(delegates).toHaveLength(2)
  })

  test('several as one: only the session account can', async () => {
    expect(await send(watchedRelay().lane, (session) => [session], 3)).toEqual({ result: done, paid: 3n })
    const { lane, delegates } = watchedRelay()
    expect(await send(lane, () => [world.sponsor.address], 2)).toEqual({ result: refused, paid: 0n })
    expect(delegates).toEqual([])
  })

  test('neither is named: refused, and nothing reached the relay', async () => {
    const { lane, delegates } = watchedRelay()
    for (const count of [1, 2]) expect(await send(lane, () => [somebody], count)).toEqual({ result: refused, paid: 0n })
    expect(delegates).toEqual([])
  })

  test('the chain refuses the same: it shows the user’s enforcer the relay, not the session key whose leaf it redeems', async () => {
    const session = newAccount()
    const { delegations, execution } = await redemptionFor(session, [session.address])
    const leaf = { delegate: world.sponsor.address, delegator: session.address, authority: hashDelegation(delegations[0] as Delegation), caveats: [], salt: randomSalt() } as const
    const signed = { ...leaf, signature: await session.signTypedData(delegationTypedData(leaf, world.chain.chain.id)) }
    expect(await verdict(session.address, { delegations, execution })).toBeUndefined()
    expect(await verdict(world.sponsor.address, { delegations: [signed, ...delegations], execution })).toMatchObject({ name: 'RedeemerNotAllowedError', by: 'chain' })
  })

  test('a relay that does not say who it sends as: through the session account where that is named, else it is for the chain to say', async () => {
    const named = watchedRelay({ targetAddress: undefined })
    expect(await send(named.lane, (session) => [session])).toEqual({ result: done, paid: 1n })
    expect(named.delegates).toHaveLength(1)
    const lucky = watchedRelay({ targetAddress: undefined })
    expect(await send(lucky.lane, () => [world.sponsor.address])).toEqual({ result: done, paid: 1n })
    expect(lucky.delegates).toHaveLength(2)
    const { result, paid } = await send(watchedRelay({ targetAddress: undefined }).lane, () => [somebody])
    expect(paid).toBe(0n)
    expect(String((result as Error).cause ?? result)).toMatch(/unauthorized-redeemer|simulat/i)
  })
})

test('of no redeemers anybody may', async () => {
  for (const lane of [directLane(), watchedRelay().lane, watchedRelay({ targetAddress: anyDelegate }).lane]) {
    expect(await send(lane, () => [])).toEqual({ result: done, paid: 1n })
  }
})

test('the error names them', async () => {
  const { result } = await send(directLane(), () => [somebody])
  expect(result).toBeInstanceOf(RedeemerNotAllowedError)
  expect((result as Error).message).toContain(somebody)
})
