import { bytesToHex, concatHex, hexToBigInt, isAddressEqual, numberToHex, size, slice, type Address, type Hex } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import * as v from 'valibot'
import { bendAmounts, bendMoment, isUnchanged, otherAddress } from './bend.js'
import type { Bending } from './decision.js'
import type { MockDialect, MockWalletState } from './mockDialect.js'
import { disconnected, invalidParams, rpcError, unauthorized, unsupportedMethod } from './rpcError.js'

const grantMethod = 'wallet_grantPermissions'

/**
 * Porto 0.2: its own words for calls and spending, one object per request.
 *
 * Its faults: `feeToken` must be there, if only as null · a chain id in decimals is refused · `wallet_getPermissions []` is refused
 * while no params at all are fine · unknown keys are dropped without a word · a revocation of an id that it does not know, or knows in
 * other letters, resolves as if it had revoked · a page that is not connected gets 4900 from `eth_accounts` too.
 *
 * @see porto 0.2.37 `core/internal/{provider,schema/permissions}`
 */
export const porto = {
  connector: { id: 'xyz.ithaca.porto', name: 'Porto (mock)' },

  methods(wallet) {
    const keys: GrantedKey[] = []
    const whenConnected = (handle: (params: unknown) => unknown) => (params: unknown) => {
      if (!wallet.connected) throw disconnected()
      return handle(params)
    }
    const changed = () => wallet.emit('message', { type: 'permissionsChanged', data: null })

    return {
      eth_accounts: whenConnected(() => [wallet.account]),
      wallet_disconnect() {
        wallet.connected = false
        wallet.emit('disconnect', disconnected())
      },
      [grantMethod](params) {
        const [request] = parse(v.strictTuple([grantRequest], expected('tuple')), params)
        if (!wallet.connected) throw disconnected()
        if (request.address && !isAddressEqual(request.address, wallet.account)) throw unauthorized()
        if (request.chainId !== undefined && Number(request.chainId) !== wallet.chainId) throw noChain(wallet, request.chainId)
        return wallet.decide({ method: grantMethod, params }, {
          request,
          bend,
          answer(agreed) {
            const key = grantedKey(wallet, agreed)
            keys.push(key)
            changed()
            return key
          },
        })
      },
      wallet_getPermissions(params) {
        parse(v.optional(v.strictTuple([listRequest], expected('tuple'))), params)
        if (!wallet.connected) throw disconnected()
        return keys.filter(({ expiry }) => expiry >= Math.floor(Date.now() / 1000))
      },
      wallet_revokePermissions(params) {
        const [{ id }] = parse(v.strictTuple([revokeRequest], expected('tuple')), params)
        if (!wallet.connected) throw disconnected()
        const index = keys.findIndex((key) => key.id === id)
        if (index >= 0) keys.splice(index, 1)
        changed()
      },
      wallet_getCapabilities: () => ({
        [numberToHex(wallet.chainId)]: {
          atomic: { status: 'supported' },
          atomicBatch: { supported: true },
          feeToken: { supported: true, tokens: [] },
          merchant: { supported: true },
          permissions: { supported: true },
          requiredFunds: { supported: false, tokens: [] },
        },
      }),
    }
  },

  unknownMethod: unsupportedMethod,
} as const satisfies MockDialect

const expected = (what: string) => `Expected ${what}. `
const pattern = (schema: string) => `Must match pattern: ${schema}`

/** Nothing but the prefix is looked at, and with it the type. */
const prefixed = v.custom<Hex>((value) => typeof value === 'string' && value.startsWith('0x'), pattern('^0x[\\s\\S]{0,}$'))
const text = v.string(expected('string'))
const call = v.union(
  [v.object({ signature: text, to: prefixed }), v.object({ signature: text }), v.object({ to: prefixed })],
  'Invalid union value.',
)
const spend = v.object({
  limit: prefixed,
  period: v.picklist(['minute', 'hour', 'day', 'week', 'month', 'year'], 'Invalid union value.'),
  token: v.optional(prefixed),
})
const grantRequest = v.object(
  {
    address: v.optional(prefixed),
    chainId: v.optional(prefixed),
    expiry: v.pipe(v.number(expected('number')), v.minValue(1, 'number must be at least 1')),
    feeToken: v.nullable(
      v.object(
        { limit: v.pipe(text, v.regex(/^\d+(\.\d+)?$/, pattern('/^\\d+(\\.\\d+)?$/'))), symbol: v.optional(text) },
        expected('object'),
      ),
    ),
    key: v.optional(v.object({ publicKey: prefixed, type: v.picklist(['address', 'p256', 'secp256k1', 'webauthn-p256'], 'Invalid union value.') })),
    permissions: v.object(
      {
        calls: v.pipe(v.array(call, expected('array')), v.minLength(1, 'array must be at least 1')),
        signatureVerification: v.optional(v.object({ addresses: v.array(prefixed) })),
        spend: v.optional(v.array(spend, expected('array'))),
      },
      expected('object'),
    ),
  },
  expected('object'),
)
const listRequest = v.object({ address: v.optional(prefixed), chainIds: v.optional(v.array(prefixed)) }, expected('object'))
const revokeRequest = v.object({ address: v.optional(prefixed), capabilities: v.optional(v.unknown()), id: prefixed }, expected('object'))

type GrantRequest = v.InferOutput<typeof grantRequest>
type GrantedKey = {
  address: Address
  chainId: Hex
  expiry: number
  id: Hex
  key: { publicKey: Hex; type: string }
  permissions: GrantRequest['permissions']
}

function grantedKey({ account, chainId }: MockWalletState, { expiry, key, permissions }: GrantRequest): GrantedKey {
  const { publicKey, type } = key ? { publicKey: publicKeyOf(key), type: key.type } : walletKey()
  const spend = (permissions.spend ?? []).map((one) => ({ ...one, limit: numberToHex(hexToBigInt(one.limit)) }))
  return { address: account, chainId: numberToHex(chainId), expiry, id: publicKey, key: { publicKey, type }, permissions: { ...permissions, spend } }
}

/** A secp256k1 key is known by its address, however it was given. */
function publicKeyOf({ publicKey, type }: NonNullable<GrantRequest['key']>): Hex {
  if (type !== 'secp256k1' && type !== 'address') return publicKey.toLowerCase() as Hex
  const isAddress = size(publicKey) === 20 || hexToBigInt(slice(publicKey, 0, 12)) === 0n
  const whole = size(publicKey) === 64 ? concatHex(['0x04', publicKey]) : publicKey
  return (isAddress ? slice(publicKey, -20) : publicKeyToAddress(whole)).toLowerCase() as Hex
}

/** Without a key in the request the wallet makes one and keeps it. */
function walletKey() {
  return { publicKey: bytesToHex(crypto.getRandomValues(new Uint8Array(64))), type: 'p256' }
}

function bend(request: GrantRequest, how: Bending): GrantRequest {
  const { permissions } = request
  if (how === 'other') return elsewhere(request)
  const spend = permissions.spend?.map((one) => bendAmounts(one, ['limit'], how))
  return isUnchanged(spend, permissions.spend)
    ? { ...request, expiry: bendMoment(request.expiry, how) }
    : { ...request, permissions: { ...permissions, spend } }
}

function elsewhere(request: GrantRequest): GrantRequest {
  const { calls } = request.permissions
  const place = calls.findIndex((one) => 'to' in one)
  if (place < 0) return { ...request, key: { type: 'secp256k1', publicKey: otherAddress } }
  const moved = calls.map((one, index) => (index === place ? { ...one, to: otherAddress } : one))
  return { ...request, permissions: { ...request.permissions, calls: moved } }
}

function noChain({ chainId }: MockWalletState, wanted: Hex): Error {
  return rpcError(
    -32603,
    `Could not find a compatible Porto chain on the given chain configuration.\n\nProvided chains: [${chainId}]\nNeeded chain (id): ${Number(wanted)}`,
  )
}

function parse<schema extends v.GenericSchema>(schema: schema, params: unknown): v.InferOutput<schema> {
  const result = v.safeParse(schema, params)
  if (result.success) return result.output
  const lines = result.issues.map((issue) => `\n- at \`${pathOf(issue)}\`: ${issue.message}`)
  throw invalidParams(`Validation failed with ${lines.length} error${lines.length === 1 ? '' : 's'}:\n${lines.join('')}`)
}

function pathOf({ path }: v.BaseIssue<unknown>): string {
  return `params${(path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`
}
