import { BaseError, decodeErrorResult, isHex, numberToHex, type Hex } from 'viem'
import { delegationManagerAbi } from './abis.js'

/** Why the contracts refused: the manager's own error, or an enforcer and its reason. */
export type RevertReason = { contract: string; reason: string; data: Hex }

const errors = [
  ...delegationManagerAbi.filter((item) => item.type === 'error'),
  { type: 'error', name: 'Error', inputs: [{ name: 'reason', type: 'string' }] },
  { type: 'error', name: 'ExecutionFailed', inputs: [] },
] as const

/** `TimestampEnforcer:expired-delegation` and the like, or the manager's custom errors; undefined for other reverts. */
export function decodeRevertReason(data: Hex): RevertReason | undefined {
  try {
    const { errorName, args } = decodeErrorResult({ abi: errors, data })
    // viem knows this one by itself. Compilers put it into every contract, so it says nothing of who refused.
    if ((errorName as string) === 'Panic') return { contract: 'call', reason: `panic ${numberToHex((args as unknown as readonly [bigint])[0], { size: 1 })}`, data }
    if (errorName !== 'Error') return { contract: 'DelegationManager', reason: errorName, data }
    const reason = (args as readonly [string])[0]
    const enforcer = /^([A-Za-z0-9]+Enforcer):(.+)$/.exec(reason)
    return enforcer
      ? { contract: enforcer[1] as string, reason: enforcer[2] as string, data }
      : { contract: 'call', reason, data }
  } catch {
    return undefined
  }
}

/** The revert bytes that an RPC error carries, however deep. */
export function findRevertData(error: unknown): Hex | undefined {
  for (let current: unknown = error, depth = 0; current && depth < 12; depth += 1) {
    const { data, cause } = current as { data?: unknown; cause?: unknown }
    const found = isRevertData(data) ? data : data && isRevertData((data as { data?: unknown }).data) ? (data as { data: Hex }).data : undefined
    if (found) return found
    current = cause
  }
  if (error instanceof BaseError) {
    const found = /(?:return data: |data: ?")(0x[0-9a-f]{8,})/i.exec(error.message)?.[1]
    if (isRevertData(found)) return found
  }
  return undefined
}

function isRevertData(value: unknown): value is Hex {
  return isHex(value) && value.length >= 10
}
