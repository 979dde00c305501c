import { bytesToHex, getAddress, isHex, keccak256, numberToHex, parseAbiItem, stringToHex, type AbiFunction, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { bundleContexts } from '../../delegation/contextBundle.js'
import { framework } from '../../delegation/framework.js'
import { permissionCaveats } from '../../delegation/permissionCaveats.js'
import type { Permission } from '../../permissions/permission.js'
import { bend2024 } from './bend2024.js'
import type { MockDialect, MockMethods, MockWalletState } from './mockDialect.js'
import { invalidParams, rpcError, unsupportedMethod } from './rpcError.js'
import { signContext } from './signContext.js'

const grantMethod = 'wallet_grantPermissions'
const listMethod = 'wallet_getGrantedExecutionPermissions'
const revokeMethod = 'wallet_revokeExecutionPermission'

/**
 * A wallet that grants as viem's `grantPermissions` asks (the drafts of 2024), and lists and revokes by the names of 2026. It answers
 * with a context that only it can read, or with delegations.
 *
 * Its faults: what it does not know it refuses with an error without a code, which might mean anything · it does not say what it
 * supports by the name of 2026 · its list names the key and the context, and not what was granted.
 *
 * @see viem 2.57 `experimental/erc7715`
 */
export const erc7715From2024 = {
  connector: { id: 'com.example.hybrid', name: 'ERC-7715 of 2024 (mock)' },
  methods: (wallet) => methodsFrom2024(wallet, { policiesOf, capabilities: { permissions: { supported: true, signerTypes: ['account'], permissionTypes: Object.keys(policiesOf) } } }),
  unknownMethod: unsupportedMethod,
} as const satisfies MockDialect

/** What one wallet of that family grants, and says of itself. */
export type Family2024 = {
  /** Its permission types, and the policies that each may have. */
  policiesOf: Record<string, readonly string[]>
  /** Its row of `wallet_getCapabilities`. */
  capabilities: object
  /** Throws at what it does not grant together. */
  refuse?: ((permissions: readonly WirePermission[]) => void) | undefined
}

export function methodsFrom2024(wallet: MockWalletState, family: Family2024): MockMethods {
  const granted: ListedGrant[] = []

  return {
    [grantMethod](params) {
      const request = readRequest(params, wallet, family)
      return wallet.decide({ method: grantMethod, params }, {
        request,
        bend: bend2024,
        async answer(agreed) {
          const answer = await grantAll(wallet, agreed)
          granted.push({
            permissionsContext: answer.permissionsContext,
            chainId: answer.chainId,
            expiry: answer.expiry,
            signer: agreed.signer.data.id,
            status: 'pending',
            grantedAt: Math.floor(Date.now() / 1000),
          })
          return answer
        },
      })
    },
    [listMethod]: () => [...granted],
    [revokeMethod](params) {
      const [{ permissionContext, chainId }] = parse(revocation, params)
      if (chainId !== undefined && Number(chainId) !== wallet.chainId) throw wrongChain(chainId)
      const index = granted.findIndex((one) => one.permissionsContext.toLowerCase() === permissionContext.toLowerCase())
      if (index < 0) throw new Error(`${revokeMethod}: no permission has this context`)
      granted.splice(index, 1)
      return { method: 'uninstall', transactionHash: keccak256(stringToHex(permissionContext)) }
    },
    wallet_getCapabilities: () => ({ [numberToHex(wallet.chainId)]: family.capabilities }),
  }
}

type ListedGrant = { permissionsContext: Hex; chainId: Hex; expiry: number; signer: Address; status: 'active' | 'pending'; grantedAt: number }

const policiesOf: Family2024['policiesOf'] = {
  'contract-call': ['call-limit', 'rate-limit'],
  'erc20-token-transfer': ['token-allowance'],
  'native-token-transfer': ['token-allowance'],
}

const address = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/i, 'not an address'), v.transform((value) => getAddress(value)))
const record = v.record(v.string(), v.unknown())
const hex = v.custom<Hex>((value) => isHex(value) && value.length > 2, 'not hex')
const request = v.strictObject({
  chainId: v.optional(hex),
  expiry: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  signer: v.strictObject({ type: v.literal('account', "only an 'account' signer (the session key's address) is supported"), data: v.strictObject({ id: address }) }),
  permissions: v.pipe(
    v.array(
      v.strictObject({
        type: v.string(),
        data: record,
        policies: v.array(v.strictObject({ type: v.string(), data: record })),
        required: v.optional(v.boolean()),
      }),
    ),
    v.minLength(1, 'no permission'),
  ),
})
const revocation = v.strictTuple([v.strictObject({ permissionContext: hex, chainId: v.optional(hex) })])

type Request = v.InferOutput<typeof request>
export type WirePermission = Request['permissions'][number]

function readRequest(params: unknown, { chainId }: MockWalletState, { policiesOf, refuse }: Family2024): Request {
  const [asked] = parse(v.strictTuple([request]), params)
  if (asked.chainId !== undefined && Number(asked.chainId) !== chainId) throw wrongChain(asked.chainId)
  for (const { type, policies } of asked.permissions) {
    const known = policiesOf[type]
    if (!known) throw new Error(`${grantMethod}: permission type ${type} is not supported`)
    const policy = policies.find((one) => !known.includes(one.type))
    if (policy) throw new Error(`${grantMethod}: policy type ${policy.type} is not supported`)
  }
  refuse?.(asked.permissions)
  // What cannot be read is not granted either.
  asked.permissions.forEach(permissionOf)
  return asked
}

async function grantAll(wallet: MockWalletState, { expiry, signer, permissions }: Request) {
  const common = { chainId: numberToHex(wallet.chainId), expiry, grantedPermissions: permissions }
  if (wallet.context === 'opaque') {
    const permissionsContext = bytesToHex(crypto.getRandomValues(new Uint8Array(96)))
    return { ...common, permissionsContext, signerData: { submitToAddress: wallet.account } }
  }
  const contexts: Hex[] = []
  for (const permission of permissions) {
    contexts.push(await signContext(wallet, { delegate: signer.data.id, caveats: permissionCaveats(permissionOf(permission), expiry) }))
  }
  return { ...common, permissionsContext: bundleContexts(contexts), signerData: { submitToAddress: framework.DelegationManager } }
}

const calls = v.strictObject({ address, calls: v.array(v.string()), label: v.optional(v.string()) })
const callCount = v.union([
  v.strictObject({ count: v.number() }),
  v.strictObject({ count: v.number(), interval: v.literal(0, 'only a rate-limit over the whole grant (interval 0) is supported') }),
])
const allowance = v.strictObject({ allowance: hex })
const erc20 = v.strictObject({ address, ticker: v.string() })

/** A transfer without an allowance may move everything; a call without functions may call any. */
function permissionOf({ type, data, policies: [policy] }: WirePermission): Permission {
  const limit = () => (policy ? BigInt(parse(allowance, policy.data).allowance) : 2n ** 256n - 1n)
  if (type === 'erc20-token-transfer') return { type: 'erc20-token-allowance', token: parse(erc20, data).address, limit: limit() }
  if (type === 'native-token-transfer') return { type: 'native-token-allowance', limit: limit() }
  const contract = parse(calls, data)
  const functions = contract.calls.map((call) => ({ signature: plainSignature(call) }))
  return {
    type: 'contract-call',
    address: contract.address,
    ...(functions.length > 0 ? { functions } : {}),
    ...(policy ? { callLimit: parse(callCount, policy.data).count } : {}),
    valueLimit: 0n,
  }
}

/** `function mint(address to)`, with the keyword: that is what parses as ABI. */
function plainSignature(call: string): string {
  const { name, inputs } = parseAbiItem(call as 'function f()') as AbiFunction
  return `${name}(${inputs.map((input) => [input.type, input.name].filter(Boolean).join(' ')).join(',')})`
}

function wrongChain(chainId: Hex): Error {
  return rpcError(4901, `The provider is not connected to chain ${Number(chainId)}.`)
}

function parse<schema extends v.GenericSchema>(schema: schema, value: unknown): v.InferOutput<schema> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw invalidParams(`Invalid params: ${[v.getDotPath(issue), issue.message].filter(Boolean).join(': ')}`)
}
