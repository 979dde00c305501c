import type { Client } from 'viem'
import { getBlock, multicall } from 'viem/actions'
import type { PermissionUsage } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { streamOverflows } from '../permissions/streamOverflows.js'
import { currentNonceAbi, delegationManagerAbi } from './abis.js'
import { counterOf, type ContractRead } from './counters.js'
import { hashDelegation, type Delegation } from './delegation.js'
import { readExtraCaveats } from './extraCaveats.js'
import { enforcers, framework } from './framework.js'

/** A permission and the root delegation that carries it. */
export type PermissionDelegation = {
  /** What was granted. */
  permission: Permission
  /** What the kit holds itself to, where that is less. */
  within?: Permission | undefined
  delegation: Delegation
}

/** What is left of `within` where there is one, else of the permission. */
export type DelegationUsage = PermissionUsage & {
  /** Revoked on-chain: it alone, or all of its delegator's by a new nonce. */
  disabled: boolean
  /** It names a nonce that its delegator has not come to: nothing can be done with it yet, and it is not revoked. */
  waiting: boolean
}

export type ReadUsageReturnType = {
  usages: readonly DelegationUsage[]
  asOf: { blockNumber: bigint; timestamp: UnixSeconds }
}

/** Bytes of questions in one `eth_call`. With all around them they stay below what nodes take as code (EIP-3860). */
const batchSizeBytes = 10_000

/**
 * Reads what is left of each permission, and whether it was revoked, in one `eth_call` beside one block header. Asks the
 * enforcers that the delegation itself names, with the terms that were signed.
 * @see the enforcers' own counters: `callCounts`, `spentMap`, `getAvailableAmount`, `streamingAllowances`, `currentNonce`
 */
export async function readUsage(client: Client, delegated: readonly PermissionDelegation[]): Promise<ReadUsageReturnType> {
  const block = await getBlock(client, { includeTransactions: false })
  const questions = delegated.map(({ delegation }) => questionsOf(delegation))
  const answers = (await multicall(client, {
    contracts: questions.flatMap(({ reads }) => reads) as never,
    allowFailure: false,
    deployless: true,
    batchSize: batchSizeBytes,
    blockNumber: block.number,
  })) as readonly unknown[]
  const timestamp = Number(block.timestamp)
  let position = 0
  const usages = delegated.map(({ permission, within }, index): DelegationUsage => {
    const { reads, disabled, waiting, used } = questions[index] as Questions
    const own = answers.slice(position, (position += reads.length))
    const left = usageOf({ permission, within, used: used(own, timestamp), now: timestamp })
    return { disabled: disabled(own), waiting: waiting(own), ...(waiting(own) ? nothingLeft(left) : left) }
  })
  return { usages, asOf: { blockNumber: block.number, timestamp } }
}

/** What to ask for one delegation, and how to read the answers, which come in the same order. */
type Questions = {
  reads: readonly ContractRead[]
  disabled(answers: readonly unknown[]): boolean
  waiting(answers: readonly unknown[]): boolean
  used(answers: readonly unknown[], now: UnixSeconds): bigint | undefined
}

function questionsOf(delegation: Delegation): Questions {
  const manager = framework.DelegationManager
  const hash = hashDelegation(delegation)
  const { nonce } = readExtraCaveats(delegation.caveats) ?? {}
  const counter = counterOf(delegation)
  const isDisabled: ContractRead = { address: manager, abi: delegationManagerAbi, functionName: 'disabledDelegations', args: [hash] }
  const currentNonce: ContractRead = {
    address: enforcers.NonceEnforcer,
    abi: currentNonceAbi,
    functionName: 'currentNonce',
    args: [manager, delegation.delegator],
  }
  return {
    reads: [isDisabled, ...(counter ? [counter.read(hash)] : []), ...(nonce === undefined ? [] : [currentNonce])],
    // The delegator only counts up (`incrementNonce`), so an older number never holds again, and a newer one will.
    disabled: (answers) => answers[0] === true || (nonce !== undefined && (answers.at(-1) as bigint) > nonce),
    waiting: (answers) => nonce !== undefined && (answers.at(-1) as bigint) < nonce,
    used: (answers, now) => counter?.used(answers[1], now),
  }
}

export type UsageParameters = { permission: Permission; within: Permission | undefined; used: bigint | undefined; now: UnixSeconds }

/** What is left of a permission by what was used of it: of a period, in the one that runs. */
export function usageOf({ permission, within = permission, used, now }: UsageParameters): PermissionUsage {
  const granted = boundOf(permission, now)
  const own = boundOf(within, now) ?? granted
  if (!own) return {}
  const unlocked = granted && granted.unlocked < own.unlocked ? granted.unlocked : own.unlocked
  const left = used === undefined ? undefined : used > unlocked ? 0n : unlocked - used
  // Every grant of an amount has an enforcer that counts it; without one nothing may be spent. Calls may be granted without a count, and
  // then nobody keeps a limit on them.
  if (permission.type !== 'contract-call') return { amount: { limit: own.limit, left: left ?? 0n } }
  return { calls: { limit: Number(own.limit), ...(left === undefined ? { left, atOnce: 0 } : { left: Number(left) }) } }
}

function nothingLeft({ calls, amount }: PermissionUsage): PermissionUsage {
  return { ...(calls ? { calls: { limit: calls.limit, left: 0 } } : {}), ...(amount ? { amount: { limit: amount.limit, left: 0n } } : {}) }
}

/** The most a permission allows, and how much of that it allows by now; undefined where it has no such limit. */
function boundOf(permission: Permission, now: UnixSeconds): { limit: bigint; unlocked: bigint } | undefined {
  switch (permission.type) {
    case 'contract-call': {
      if (permission.callLimit === undefined) return undefined
      const limit = BigInt(permission.callLimit)
      return { limit, unlocked: limit }
    }
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return { limit: permission.limit, unlocked: permission.limit }
    case 'erc20-token-periodic':
    case 'native-token-periodic':
      return { limit: permission.limit, unlocked: now < (permission.startTime ?? now) ? 0n : permission.limit }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      const { initial, perSecond, max, startTime = now } = permission
      const grown = initial + perSecond * BigInt(Math.max(0, now - startTime))
      const unlocked = now < startTime || streamOverflows({ initial, perSecond, startTime }, now) ? 0n : grown < max ? grown : max
      return { limit: max, unlocked }
    }
    case 'erc721-token-transfer':
      return undefined
    default:
      return permission satisfies never
  }
}
