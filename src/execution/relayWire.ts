import { getAddress, isAddress, isHex, numberToHex, type Address, type Hex, type SignedAuthorization } from 'viem'
import * as v from 'valibot'

/** A transaction for a relay to send: it pays the gas, the calldata carries the authority. */
export type RelayTransaction = {
  chainId: number
  to: Address
  data: Hex
  /** Gas limit. The relay estimates when it is left out. */
  gas?: bigint | undefined
  authorizationList?: readonly SignedAuthorization[] | undefined
}

/** @see ERC-8249; the 42xx codes as hosted relayers use them */
export const relayErrorCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** Too slow for one answer; `data` is the task id. */
  timeout: -32070,
  unauthorised: 4100,
  insufficientPayment: 4200,
  invalidSignature: 4201,
  unsupportedPayment: 4202,
  rateLimited: 4203,
  quoteExpired: 4204,
  insufficientBalance: 4205,
  unsupportedChain: 4206,
  tooLarge: 4207,
  unknownId: 4208,
  invalidAuthorizationList: 4210,
  /** `data` is the revert data. */
  simulationFailed: 4211,
  duplicateTaskId: 4214,
} as const

/** ERC-5792's numbers. */
export const relayStatusCode = { pending: 100, submitted: 110, success: 200, rejected: 400, reverted: 500 } as const

export type RelayTransactionParams = {
  chainId: string
  to: Address
  data: Hex
  gas?: string
  authorizationList?: { address: Address; chainId: Hex; nonce: Hex; r: Hex; s: Hex; yParity: Hex }[]
}

/** The one object that `relayer_sendTransaction` takes: chain and gas in decimal, the rest in hex. */
export function encodeRelayTransaction(transaction: RelayTransaction): RelayTransactionParams {
  const { chainId, to, data, gas, authorizationList } = transaction
  return {
    chainId: String(chainId),
    to,
    data,
    ...(gas === undefined ? {} : { gas: String(gas) }),
    ...(authorizationList?.length ? { authorizationList: authorizationList.map(encodeAuthorization) } : {}),
  }
}

export function encodeAuthorization(authorization: SignedAuthorization) {
  const { address, chainId, nonce, r, s, v: recovery, yParity } = authorization
  return {
    address,
    chainId: numberToHex(chainId),
    nonce: numberToHex(nonce),
    // Some signers leave out leading zeros.
    r: numberToHex(BigInt(r), { size: 32 }),
    s: numberToHex(BigInt(s), { size: 32 }),
    yParity: numberToHex(yParity ?? (recovery === 0n || recovery === 27n ? 0 : 1)),
  }
}

export const wireBytes = v.custom<Hex>((value) => isHex(value) && value.length % 2 === 0, 'not hex bytes')

export const wireHash = v.custom<Hex>((value) => isHex(value) && value.length === 66, 'not 32 bytes of hex')

export const wireAddress = v.pipe(
  v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }), 'not an address'),
  v.transform((value) => getAddress(value)),
)

/** A uint256 as hex, decimal digits or a whole number: relays differ. */
export const wireQuantity = v.pipe(
  v.union(
    [
      v.pipe(v.string(), v.regex(/^(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})$/)),
      v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      v.pipe(v.bigint(), v.minValue(0n)),
    ],
    'not a whole number',
  ),
  v.transform((value) => BigInt(value)),
)

/** A quantity that fits a JavaScript number: chain ids, nonces, indexes. */
export const wireCount = v.pipe(
  wireQuantity,
  v.check((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'too large'),
  v.transform((value) => Number(value)),
)

/** Where a value is wrong and why, without repeating the value. */
export function wireIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues
  const path = v.getDotPath(issue)
  const expected = issue.expected ? `expected ${issue.expected}` : issue.message
  return path ? `${path}: ${issue.type === 'custom' || issue.type === 'check' || issue.type === 'union' ? issue.message : expected}` : expected
}
