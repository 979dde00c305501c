import { hexToBigInt, numberToHex, size, type Address, type Hex, type SignedAuthorization } from 'viem'
import * as v from 'valibot'
import { relayErrorCode, wireAddress, wireBytes, wireCount, wireHash, wireIssue, wireQuantity } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

export type TransactionRequest = {
  chainId: number
  to: Address
  data: Hex
  gas: bigint | undefined
  authorizationList: readonly SignedAuthorization[]
  /** How long a synchronous call may wait, in milliseconds. */
  timeout: number | undefined
}

const word = v.pipe(
  wireBytes,
  v.check((value) => size(value) <= 32, 'more than 32 bytes'),
  v.transform((value) => numberToHex(value === '0x' ? 0n : hexToBigInt(value), { size: 32 })),
)

const authorizationSchema = v.looseObject({
  address: wireAddress,
  chainId: wireCount,
  nonce: wireCount,
  r: word,
  s: word,
  // Gelato's client sends 0 as 32 zero bytes.
  yParity: v.pipe(wireCount, v.picklist([0, 1])),
})

const transactionSchema = v.looseObject({
  chainId: wireCount,
  to: wireAddress,
  data: v.optional(wireBytes, '0x'),
  gas: v.nullish(wireQuantity),
  authorizationList: v.nullish(v.array(v.unknown())),
  payment: v.nullish(v.looseObject({ type: v.string() })),
  timeout: v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
})

/** `relayer_sendTransaction`: one object, or an array that holds it. */
export function readTransactionParams(params: unknown): TransactionRequest {
  const { chainId, to, data, gas, authorizationList, payment, timeout } = parse(transactionSchema, params)
  if (payment && payment.type !== 'sponsored') {
    throw new RelayRpcError(relayErrorCode.unsupportedPayment, 'This relay pays for gas itself: leave payment out, or say "sponsored".')
  }
  // Each takes a signature's recovery to judge, or a long list a while to read.
  if ((authorizationList?.length ?? 0) > 1) throw new RelayRpcError(relayErrorCode.invalidAuthorizationList, 'At most one authorization rides along.')
  const authorizations = v.safeParse(v.array(authorizationSchema), authorizationList ?? [])
  if (!authorizations.success) {
    throw new RelayRpcError(relayErrorCode.invalidAuthorizationList, `authorizationList: ${wireIssue(authorizations.issues)}`)
  }
  return {
    chainId,
    to,
    data,
    gas: gas ?? undefined,
    timeout: timeout ?? undefined,
    authorizationList: authorizations.output.map(({ address, chainId, nonce, r, s, yParity }) => ({ address, chainId, nonce, r, s, yParity })),
  }
}

export function readStatusParams(params: unknown): Hex {
  return parse(v.looseObject({ id: wireHash }), params).id.toLowerCase() as Hex
}

/** Chain ids, or none for all: `[]`, `["31337"]`. */
export function readCapabilitiesParams(params: unknown): readonly number[] {
  const ids = v.safeParse(v.array(wireCount), params)
  if (!ids.success) throw new RelayRpcError(relayErrorCode.invalidParams, `params: ${wireIssue(ids.issues)}`)
  return ids.output
}

function parse<schema extends v.GenericSchema>(schema: schema, params: unknown): v.InferOutput<schema> {
  const parsed = v.safeParse(schema, Array.isArray(params) && params.length === 1 ? params[0] : params)
  if (!parsed.success) throw new RelayRpcError(relayErrorCode.invalidParams, `params: ${wireIssue(parsed.issues)}`)
  return parsed.output
}
