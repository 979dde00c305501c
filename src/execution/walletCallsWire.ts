import { isHash, numberToHex, type Hash, type Hex } from 'viem'
import * as v from 'valibot'
import type { Execution } from '../delegation/redeem.js'
import { chainId, hex } from '../dialects/wire/primitives.js'
import type { ExecutorRequest } from './executor.js'

export type WireCall = { to: Hex; value: Hex; data: Hex }

/** What ERC-5792 and ERC-7836 requests have in common: whose calls, where, and under which grant. */
export function encodeWalletCalls({ chainId, grant, calls }: Pick<ExecutorRequest, 'chainId' | 'grant' | 'calls'>) {
  // A defect of the kit: grants without a handle are delegations, which need no wallet.
  if (grant.handle === undefined) throw new Error('The grant has no handle for the wallet.')
  return {
    chainId: numberToHex(chainId),
    from: grant.account,
    calls: calls.map(encodeCall),
    // @see ERC-7715 until 2026
    capabilities: { permissions: { context: grant.handle } },
  }
}

function encodeCall({ to, value, data }: Execution): WireCall {
  return { to, value: numberToHex(value), data }
}

const hash = v.custom<Hash>((value) => typeof value === 'string' && isHash(value), 'not a hash')

/** Answer of `wallet_prepareCalls`: what is checked of it; the rest goes back to the wallet as it came. @see ERC-7836 */
export const preparedCalls = v.object({
  digest: hash,
  chainId,
  key: v.nullish(v.object({ type: v.string(), publicKey: hex, prehash: v.nullish(v.boolean()) })),
})

const bundleId = v.pipe(v.string(), v.minLength(1), v.maxLength(8_194))
const bundle = v.pipe(v.object({ id: bundleId }), v.transform(({ id }) => id))
/** ERC-5792 answers an object, its first version a bare id; ERC-7836's example, and Porto, a list of one. */
export const sentCalls = v.union([bundle, bundleId, v.pipe(v.strictTuple([bundle]), v.transform(([id]) => id))])

/** `wallet_getCallsStatus`: only where it stands and which transactions it names; receipts are read from the chain. */
export const callsStatus = v.pipe(
  v.object({
    status: v.union([v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(699)), v.picklist(['PENDING', 'CONFIRMED'])]),
    receipts: v.nullish(v.pipe(v.array(v.object({ transactionHash: hash })), v.maxLength(1_000))),
  }),
  v.transform(({ status, receipts }) => {
    const code = typeof status === 'number' ? status : wordedStatus[status]
    return { code, stage: stageOf(code), transactionHashes: [...new Set((receipts ?? []).map(({ transactionHash }) => transactionHash))] }
  }),
)

export type CallsStage = 'pending' | 'done' | 'failed' | 'reverted' | 'partial'

/** In ERC-5792's first version a status was a word. */
const wordedStatus = { PENDING: 100, CONFIRMED: 200 } as const

/** By the first digit of ERC-5792's codes. 3xx is not given out; whatever it is, it is no success. */
const stages: Record<number, CallsStage> = { 1: 'pending', 2: 'done', 3: 'failed', 4: 'failed', 5: 'reverted', 6: 'partial' }

function stageOf(code: number): CallsStage {
  return stages[Math.floor(code / 100)] ?? 'failed'
}
