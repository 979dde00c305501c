import { hexToBigInt, hexToNumber, slice, type Hex } from 'viem'
import type { UnixSeconds } from '../permissions/permission.js'
import { callCountsAbi, periodAvailableAbi, spentMapAbi, streamingAllowancesAbi } from './abis.js'
import type { Caveat, Delegation } from './delegation.js'
import { enforcerName, enforcers, framework, type EnforcerName } from './framework.js'

/** One question to a contract, as `multicall` takes it. */
export type ContractRead = { address: Hex; abi: unknown; functionName: string; args: readonly unknown[] }

/** How one enforcer counts: what to ask it, and what was used up by its answer. */
type Counter = {
  read(hash: Hex, terms: Hex): Omit<ContractRead, 'address'>
  /** Of a period: in the one that runs. `now` is the time of the block the answer is from. */
  used(answer: unknown, terms: Hex, now: UnixSeconds): bigint
  /** What was used up after a call that it counted, by the log that it made of it. */
  logged(data: Hex): Logged
}

/** `at`: the time of the block, where the log says it. */
export type Logged = { used: bigint; at?: UnixSeconds | undefined }

const lastWord = (data: Hex): Logged => ({ used: hexToBigInt(slice(data, -32)) })
const wordBeforeTime = (data: Hex): Logged => ({ used: hexToBigInt(slice(data, -64, -32)), at: hexToNumber(slice(data, -32)) })

const manager = framework.DelegationManager

const calls: Counter = {
  read: (hash) => ({ abi: callCountsAbi, functionName: 'callCounts', args: [manager, hash] }),
  used: (answer) => answer as bigint,
  logged: lastWord,
}

const total: Counter = {
  read: (hash) => ({ abi: spentMapAbi, functionName: 'spentMap', args: [manager, hash] }),
  used: (answer) => answer as bigint,
  logged: lastWord,
}

/** Its getter needs the terms until the first use fills its state. */
const period: Counter = {
  read: (hash, terms) => ({ abi: periodAvailableAbi, functionName: 'getAvailableAmount', args: [hash, manager, terms] }),
  used(answer, terms, now) {
    const [available] = answer as readonly [bigint, boolean, bigint]
    const [limit, start] = [hexToBigInt(slice(terms, -96, -64)), hexToBigInt(slice(terms, -32))]
    // Before the start nothing is available, because nothing may begin; nothing was used either.
    return BigInt(now) < start || available > limit ? 0n : limit - available
  },
  logged: wordBeforeTime,
}

/** Its getter answers 0 until the first use, so its state is read and what has unlocked is computed as it computes it. */
const stream: Counter = {
  read: (hash) => ({ abi: streamingAllowancesAbi, functionName: 'streamingAllowances', args: [manager, hash] }),
  used: (answer) => (answer as readonly bigint[])[4] ?? 0n,
  logged: wordBeforeTime,
}

/** Every enforcer that keeps count for us. */
const counters: { readonly [name in EnforcerName]?: Counter } = {
  LimitedCallsEnforcer: calls,
  ERC20TransferAmountEnforcer: total,
  NativeTokenTransferAmountEnforcer: total,
  ERC20PeriodTransferEnforcer: period,
  NativeTokenPeriodTransferEnforcer: period,
  ERC20StreamingEnforcer: stream,
  NativeTokenStreamingEnforcer: stream,
}

/** What a delegation's own caveats count, whoever compiled them; undefined where they count nothing. */
export function counterOf({ caveats }: Delegation): BoundCounter | undefined {
  for (const caveat of caveats) {
    const name = enforcerName(caveat.enforcer)
    const counter = name && counters[name]
    if (name && counter) return bound(caveat, name, counter)
  }
  return undefined
}

export type BoundCounter = Pick<Counter, 'logged'> & { read(hash: Hex): ContractRead; used(answer: unknown, now: UnixSeconds): bigint }

function bound({ terms }: Caveat, name: EnforcerName, counter: Counter): BoundCounter {
  return {
    read: (hash) => ({ address: enforcers[name], ...counter.read(hash, terms) }),
    used: (answer, now) => counter.used(answer, terms, now),
    logged: counter.logged,
  }
}
