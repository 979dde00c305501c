import type { Client, Hex } from 'viem'
import { getBlock, multicall } from 'viem/actions'
import type { PermissionUsage } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { callCountsAbi, delegationManagerAbi, periodAvailableAbi, spentMapAbi, streamingAllowancesAbi } from './abis.js'
import { hashDelegation, type Delegation } from './delegation.js'
import { enforcers, framework } from './framework.js'
import { permissionCaveats } from './permissionCaveats.js'

/** A permission and the root delegation that carries it. */
export type DelegatedPermission = { permission: Permission; delegation: Delegation }

export type DelegationUsage = PermissionUsage & {
  /** Revoked on-chain. */
  disabled: boolean
}

export type ReadUsageReturnType = {
  usages: readonly DelegationUsage[]
  asOf: { blockNumber: bigint; timestamp: UnixSeconds }
}

/**
 * Reads what is left of each permission, and whether it was revoked, in one `eth_call` beside one block header.
 * @see the enforcers' own counters: `callCounts`, `spentMap`, `getAvailableAmount`, `streamingAllowances`
 */
export async function readUsage(client: Client, delegated: readonly DelegatedPermission[]): Promise<ReadUsageReturnType> {
  const block = await getBlock(client, { includeTransactions: false })
  const reads = delegated.map(({ permission, delegation }) => readsOf(permission, hashDelegation(delegation)))
  const results = (await multicall(client, {
    contracts: reads.flat() as never,
    allowFailure: false,
    deployless: true,
    blockNumber: block.number,
  })) as readonly unknown[]
  const timestamp = Number(block.timestamp)
  let position = 0
  const usages = delegated.map(({ permission }, index): DelegationUsage => {
    const [disabled, counter] = results.slice(position, (position += reads[index]?.length ?? 0)) as [boolean, unknown]
    return { disabled, ...usageOf(permission, counter, timestamp) }
  })
  return { usages, asOf: { blockNumber: block.number, timestamp } }
}

function readsOf(permission: Permission, hash: Hex): readonly unknown[] {
  const manager = framework.DelegationManager
  const disabled = { address: manager, abi: delegationManagerAbi, functionName: 'disabledDelegations', args: [hash] }
  const counter = counterOf(permission, hash)
  return counter ? [disabled, counter] : [disabled]
}

function counterOf(permission: Permission, hash: Hex): unknown {
  const manager = framework.DelegationManager
  switch (permission.type) {
    case 'contract-call':
      if (permission.callLimit === undefined) return undefined
      return { address: enforcers.LimitedCallsEnforcer, abi: callCountsAbi, functionName: 'callCounts', args: [manager, hash] }
    case 'erc20-token-allowance':
      return { address: enforcers.ERC20TransferAmountEnforcer, abi: spentMapAbi, functionName: 'spentMap', args: [manager, hash] }
    case 'native-token-allowance':
      return { address: enforcers.NativeTokenTransferAmountEnforcer, abi: spentMapAbi, functionName: 'spentMap', args: [manager, hash] }
    case 'erc20-token-periodic':
    case 'native-token-periodic': {
      const address = permission.type === 'erc20-token-periodic' ? enforcers.ERC20PeriodTransferEnforcer : enforcers.NativeTokenPeriodTransferEnforcer
      // The expiry is in another caveat, so any value gives the same period terms.
      const terms = permissionCaveats(permission, 1).find(({ enforcer }) => enforcer === address)?.terms
      return { address, abi: periodAvailableAbi, functionName: 'getAvailableAmount', args: [hash, manager, terms] }
    }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      const address = permission.type === 'erc20-token-stream' ? enforcers.ERC20StreamingEnforcer : enforcers.NativeTokenStreamingEnforcer
      return { address, abi: streamingAllowancesAbi, functionName: 'streamingAllowances', args: [manager, hash] }
    }
    case 'erc721-token-transfer':
      return undefined
    default:
      return permission satisfies never
  }
}

function usageOf(permission: Permission, counter: unknown, now: UnixSeconds): PermissionUsage {
  switch (permission.type) {
    case 'contract-call': {
      const limit = permission.callLimit
      return limit === undefined ? {} : { calls: { limit, left: Math.max(0, limit - Number(counter as bigint)) } }
    }
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return { amount: { limit: permission.limit, left: atLeastZero(permission.limit - (counter as bigint)) } }
    case 'erc20-token-periodic':
    case 'native-token-periodic': {
      const [available] = counter as readonly [bigint, boolean, bigint]
      return { amount: { limit: permission.limit, left: available } }
    }
    case 'erc20-token-stream':
    case 'native-token-stream': {
      // The enforcer's own getter answers 0 until the first use, so the unlocked amount is computed as it computes it.
      const spent = (counter as readonly bigint[])[4] ?? 0n
      const elapsed = BigInt(Math.max(0, now - (permission.startTime ?? now)))
      const grown = permission.initial + permission.perSecond * elapsed
      const unlocked = now < (permission.startTime ?? now) ? 0n : grown > permission.max ? permission.max : grown
      return { amount: { limit: permission.max, left: atLeastZero(unlocked - spent) } }
    }
    case 'erc721-token-transfer':
      return {}
    default:
      return permission satisfies never
  }
}

const atLeastZero = (value: bigint) => (value > 0n ? value : 0n)
