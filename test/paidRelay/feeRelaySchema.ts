import { isAddress, isHex, size, type Address, type Hex } from 'viem'
import * as v from 'valibot'

/**
 * The parameters that a public relay's documentation publishes (https://1shotapi.com/docs/api-reference/public-relayer), to the letter: a
 * field that it does not name is a mistake, and so is one in another form.
 */
const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const bytes = v.custom<Hex>((value) => isHex(value) && value.length % 2 === 0)
const bytes32 = v.custom<Hex>((value) => isHex(value) && value.length === 66 && size(value) === 32)
const chainId = v.pipe(v.string(), v.regex(/^[1-9][0-9]*$/))
const wei = v.pipe(v.string(), v.regex(/^(0x[0-9a-fA-F]+|[0-9]+)$/))
const numeric = v.union([v.pipe(v.number(), v.safeInteger()), v.pipe(v.string(), v.regex(/^(0x[0-9a-fA-F]+|[0-9]+)$/))])

const delegation = v.strictObject({
  delegate: address,
  delegator: address,
  authority: bytes32,
  caveats: v.array(v.strictObject({ enforcer: address, terms: bytes, args: bytes })),
  salt: bytes32,
  signature: bytes,
})

const transaction = v.strictObject({
  permissionContext: v.pipe(v.array(delegation), v.minLength(1)),
  executions: v.pipe(v.array(v.strictObject({ target: address, value: wei, data: bytes })), v.minLength(1)),
})

const authorization = v.strictObject({ address, chainId: numeric, nonce: numeric, r: bytes32, s: bytes32, yParity: numeric })

const bundle = {
  chainId,
  transactions: v.pipe(v.array(transaction), v.minLength(1)),
  authorizationList: v.optional(v.array(authorization)),
  // Any text here: a wrong one has an error code of its own.
  taskId: v.optional(v.string()),
  destinationUrl: v.optional(v.pipe(v.string(), v.maxLength(256))),
  memo: v.optional(v.pipe(v.string(), v.maxLength(256))),
}

export const capabilitiesParams = v.pipe(v.array(chainId), v.minLength(1))
export const feeDataParams = v.strictObject({ chainId, token: address })
/** "Do not pass `context` or `delegationSecret`." */
export const estimateParams = v.strictObject(bundle)
export const sendParams = v.strictObject({
  ...bundle,
  context: v.optional(v.string()),
  delegationSecret: v.optional(v.pipe(v.string(), v.minLength(10), v.maxLength(1024))),
})
export const statusParams = v.strictObject({ id: bytes32, logs: v.boolean() })

export type SendParams = v.InferOutput<typeof sendParams>
export type DelegatedTransaction = v.InferOutput<typeof transaction>
