import { decodeAbiParameters, isAddressEqual, maxUint256, numberToHex, type Address, type Hex } from 'viem'
import { caveatsParameter } from '../../../src/delegation/abis.js'
import { groupArgs } from '../../../src/delegation/caveats.js'
import type { Delegation } from '../../../src/delegation/delegation.js'
import { enforcers, framework } from '../../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../../src/delegation/revertReason.js'
import type { Call } from '../../../src/permissions/check.js'
import type { TruthWorld } from './truthWorld.js'

/** `failed`: the permissions let it through, and then the called contract did not do it. */
export type ChainVerdict = { status: 'made' } | { status: 'failed' | 'refused'; data: Hex }

/** What the contracts say of one redemption, on the state and at the time of the latest block. */
export async function askChain(world: TruthWorld, redemptions: readonly Redemption[]): Promise<ChainVerdict> {
  const data = await redeem(world, redemptions)
  if (data === undefined) return { status: 'made' }
  if (isByPermission(data)) return { status: 'refused', data }
  // Panics, and reverts without a word, come from enforcers and from called contracts alike. So it is asked again with contracts that
  // accept everything and an account that owns everything.
  const unhindered = await redeem(world, redemptions, acceptingAll(world, redemptions))
  return unhindered === undefined ? { status: 'failed', data } : { status: 'refused', data: unhindered }
}

/**
 * Whether any choice of permissions lets these calls through, found by trying them all. Limits are only used up, so what the contracts
 * refuse to one call alone they refuse it in any batch.
 * @returns `said`: what the contracts answered where they refused
 */
export async function anyWayThrough(world: TruthWorld, delegations: readonly Delegation[], calls: readonly Call[]): Promise<{ through: boolean; said: readonly Hex[] }> {
  const said: Hex[] = []
  const isThrough = async (redemptions: readonly Redemption[]): Promise<boolean> => {
    const verdict = await askChain(world, redemptions)
    if (verdict.status === 'refused') said.push(verdict.data)
    return verdict.status !== 'refused'
  }
  const ways = await Promise.all(calls.map((call) => waysAlone(isThrough, delegations, call)))
  if (ways.some((options) => options.length === 0)) return { through: false, said }
  if (calls.length === 1) return { through: true, said }
  const batches = ways.reduce<Redemption[][]>((begun, options) => begun.flatMap((batch) => options.map((option) => [...batch, option])), [[]])
  return { through: (await Promise.all(batches.map(isThrough))).some(Boolean), said }
}

/** One redemption for each delegation that lets the call through alone. */
async function waysAlone(isThrough: (redemptions: readonly Redemption[]) => Promise<boolean>, delegations: readonly Delegation[], call: Call): Promise<Redemption[]> {
  const found = await Promise.all(
    delegations.map(async (delegation) => {
      const choices = groupChoices(delegation).map((chosen): Redemption => ({ delegations: [chosen], execution: call }))
      const through = await Promise.all(choices.map((choice) => isThrough([choice])))
      return choices.find((_, index) => through[index])
    }),
  )
  return found.filter((redemption) => redemption !== undefined)
}

/** The delegation with every group of functions that its redeemer could name. */
function groupChoices(delegation: Delegation): Delegation[] {
  const wrapper = delegation.caveats.find(({ enforcer }) => isAddressEqual(enforcer, enforcers.LogicalOrWrapperEnforcer))
  if (!wrapper) return [delegation]
  const [groups] = decodeAbiParameters([{ type: 'tuple[]', components: [caveatsParameter] }], wrapper.terms)
  return groups.map((group, index) => ({
    ...delegation,
    caveats: delegation.caveats.map((caveat) => (caveat === wrapper ? { ...caveat, args: groupArgs(index, group.caveats.length) } : caveat)),
  }))
}

type Overrides = Record<Address, { code?: Hex; balance?: Hex }>

/** @returns the revert's bytes; undefined where it went through */
async function redeem({ client, key }: TruthWorld, redemptions: readonly Redemption[], overrides?: Overrides): Promise<Hex | undefined> {
  const call = { from: key, to: framework.DelegationManager, data: encodeRedeemDelegations(redemptions) }
  try {
    await client.request({ method: 'eth_call', params: overrides ? [call, 'latest', overrides] : [call, 'latest'] } as never)
    return undefined
  } catch (error) {
    const data = findRevertData(error)
    if (data !== undefined || isBareRevert(error)) return data ?? '0x'
    throw error
  }
}

function isBareRevert(error: unknown): boolean {
  return /revert/i.test(String((error as { details?: unknown }).details ?? (error as Error).message))
}

function isByPermission(data: Hex): boolean {
  const reason = decodeRevertReason(data)
  return reason !== undefined && (reason.contract.endsWith('Enforcer') || (reason.contract === 'DelegationManager' && reason.reason !== 'ExecutionFailed'))
}

function acceptingAll(world: TruthWorld, redemptions: readonly Redemption[]): Overrides {
  const contracts = [world.gold, world.usd, world.sword, world.box]
  const accepting = Object.fromEntries(contracts.map((address) => [address.toLowerCase(), { code: '0x00' as Hex, balance: '0x0' as Hex }]))
  const receiving = redemptions
    .map(({ execution }) => execution.to.toLowerCase() as Address)
    .filter((to) => !(to in accepting) && to !== world.account.toLowerCase())
    .map((to) => [to, { balance: '0x0' as Hex }] as const)
  return { ...accepting, ...Object.fromEntries(receiving), [world.account.toLowerCase()]: { balance: numberToHex(maxUint256) } }
}
