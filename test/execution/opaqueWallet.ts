import {
  encodeAbiParameters,
  isAddressEqual,
  keccak256,
  numberToHex,
  parseEther,
  recoverAddress,
  stringToHex,
  toFunctionSelector,
  type Address,
  type Hash,
  type Hex,
} from 'viem'
import { encodeExecuteBatch } from '../../src/delegation/executeBatch.js'
import { framework } from '../../src/delegation/framework.js'
import type { Execution } from '../../src/delegation/redeem.js'
import type { LocalChain } from '../../src/testing/chain/index.js'
import { newAccount } from '../wallet/walletWorld.js'

export type OpaqueWalletParameters = {
  chain: LocalChain
  /** How a session acts: it signs what the wallet prepared · the wallet acts for it · either · not at all. */
  offers: 'prepared' | 'send' | 'both' | 'neither'
  /** What it makes of a name that an app gives to its calls. @default 'ignored' */
  ids?: 'taken' | 'ignored' | 'refused'
  /** What the wallet answers instead, by method; given its own answer. It may throw. */
  answers?: Record<string, (answer: never) => unknown>
  /** It runs calls before it sends them. @default true */
  triesOut?: boolean
}

type Grant = { key: Address; allowed: readonly { address: Address; selectors: readonly Hex[] }[] }
type WireCall = { to: Address; value: Hex; data: Hex }
type WireCalls = { chainId: Hex; from: Address; calls: readonly WireCall[]; capabilities: { permissions: { context: Hex } } }
type WireGrant = { expiry: number; signer: { data: { id: Address } }; permissions: readonly { type: string; data: { address: Address; calls: readonly string[] } }[] }

const rpcError = (code: number, message: string) => Object.assign(new Error(message), { code })

/**
 * A wallet of the 2024 family whose grants are tokens of its own: it holds the account's key, keeps who may call what, and
 * makes the calls itself, on the chain, all of them or none. Nothing that it hands out is a delegation.
 */
export async function startOpaqueWallet({ chain, offers, ids = 'ignored', answers = {}, triesOut = true }: OpaqueWalletParameters) {
  const owner = newAccount()
  const account = owner.address
  const { client } = chain
  await chain.setBalance(account, parseEther('10'))
  // One transaction for several calls is the smart account's doing (EIP-7702).
  const authorization = await owner.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId: chain.chain.id, nonce: 1 })
  await client.waitForTransactionReceipt({ hash: await client.sendTransaction({ account: owner, to: account, data: '0x', authorizationList: [authorization] }) })

  const grants = new Map<string, Grant>()
  const nonces = new Set<number>()
  const bundles = new Map<string, Hash>()
  const requests: { method: string; params: unknown }[] = []

  async function execute(calls: readonly WireCall[], name?: string): Promise<string> {
    const executions = calls.map(({ to, value, data }): Execution => ({ to, value: BigInt(value), data }))
    const transaction = { account: owner, to: account, data: encodeExecuteBatch(executions) }
    if (triesOut) await client.call(transaction)
    const hash = await client.sendTransaction({ ...transaction, ...(triesOut ? {} : { gas: 1_000_000n }) })
    // Included before it answers, so that a changed status is changed from a final one.
    await client.waitForTransactionReceipt({ hash })
    const id = name ?? `bundle-${bundles.size + 1}`
    bundles.set(id, hash)
    return id
  }

  function allowedBy({ chainId, calls, capabilities }: WireCalls): Grant {
    if (Number(chainId) !== chain.chain.id) throw rpcError(5710, 'another chain')
    const grant = grants.get(capabilities.permissions.context)
    if (!grant) throw rpcError(4100, 'there is no such permission')
    for (const { to, value, data } of calls) {
      const scope = grant.allowed.find(({ address }) => isAddressEqual(address, to))
      const allowed = scope && (scope.selectors.length === 0 || scope.selectors.includes(data.slice(0, 10) as Hex)) && BigInt(value) === 0n
      if (!allowed) throw rpcError(4100, 'outside the permission')
    }
    return grant
  }

  /** What the session key signs: these calls, once. */
  const digestOf = (calls: readonly WireCall[], nonce: number): Hash =>
    keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }, { type: 'uint256' }, { type: 'string' }], [account, BigInt(chain.chain.id), BigInt(nonce), JSON.stringify(calls)]))

  const methods: Record<string, (params: never) => unknown> = {
    wallet_getCapabilities: () => ({ [numberToHex(chain.chain.id)]: { permissions: { supported: true, signerTypes: ['account'], permissionTypes: ['contract-call'] } } }),
    wallet_grantPermissions([{ expiry, signer, permissions }]: [WireGrant]) {
      const permissionsContext = keccak256(stringToHex(crypto.randomUUID()))
      const allowed = permissions.map(({ data }) => ({ address: data.address, selectors: data.calls.map((call) => toFunctionSelector(call)) }))
      grants.set(permissionsContext, { key: signer.data.id, allowed })
      return { expiry, grantedPermissions: permissions, permissionsContext, signerData: { submitToAddress: account }, chainId: numberToHex(chain.chain.id) }
    },
    wallet_revokeExecutionPermission([{ permissionContext }]: [{ permissionContext: string }]) {
      if (!grants.delete(permissionContext)) throw rpcError(-32602, 'there is no such permission')
      return { method: 'uninstall' }
    },
    async wallet_getCallsStatus([id]: [string]) {
      const hash = bundles.get(id)
      if (!hash) throw rpcError(5730, 'there is no such bundle')
      const { status } = await client.getTransactionReceipt({ hash })
      const [code, word] = status === 'success' ? [200, '0x1'] : [500, '0x0']
      return { version: '2.0.0', id, chainId: numberToHex(chain.chain.id), atomic: true, status: code, receipts: [{ transactionHash: hash, status: word, logs: [] }] }
    },
    ...(offers === 'prepared' || offers === 'both'
      ? {
          wallet_prepareCalls([{ key, ...given }]: [WireCalls & { key: { type: string; publicKey: Address; prehash: boolean }; version: string }]) {
            const grant = allowedBy(given)
            if (key.type !== 'secp256k1' || key.prehash || !isAddressEqual(key.publicKey, grant.key)) throw rpcError(4100, 'another key')
            const context = { calls: given.calls, nonce: nonces.size + 1 }
            return { digest: digestOf(context.calls, context.nonce), context, key, capabilities: given.capabilities, chainId: given.chainId, version: given.version }
          },
          async wallet_sendPreparedCalls([{ context, signature, ...given }]: [{ context: { calls: readonly WireCall[]; nonce: number }; signature: Hex; key: { publicKey: Address }; chainId: Hex; capabilities: WireCalls['capabilities'] }]) {
            const { key } = allowedBy({ ...given, from: account, calls: context.calls })
            if (nonces.has(context.nonce)) throw rpcError(-32602, 'used before')
            const by = await recoverAddress({ hash: digestOf(context.calls, context.nonce), signature })
            if (!isAddressEqual(by, key) || !isAddressEqual(given.key.publicKey, key) || 'digest' in given) throw rpcError(4100, 'another signature')
            nonces.add(context.nonce)
            return [{ id: await execute(context.calls) }]
          },
        }
      : {}),
    ...(offers === 'prepared'
      ? {}
      : {
          async wallet_sendCalls([{ version, atomicRequired, id, ...given }]: [WireCalls & { version: string; atomicRequired: boolean; id?: string }]) {
            if (id !== undefined && ids === 'refused') throw rpcError(-32602, 'unknown key: id')
            if (id !== undefined && bundles.has(id)) throw rpcError(5720, 'that id is in use')
            if (offers === 'neither') throw rpcError(5700, 'the capability permissions is not supported')
            if (version !== '2.0.0' || !atomicRequired || !isAddressEqual(given.from, account)) throw rpcError(-32602, 'not as expected')
            allowedBy(given)
            return { id: await execute(given.calls, ids === 'taken' ? id : undefined) }
          },
        }),
  }

  return {
    account,
    requests,
    methods: () => requests.map(({ method }) => method),
    provider: {
      async request({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
        requests.push({ method, params })
        // As over a wire: whatever is no JSON does not arrive.
        const given = JSON.parse(JSON.stringify(params ?? [])) as never
        const handle = methods[method]
        if (!handle) throw rpcError(4200, `${method} is not offered`)
        const answer = await handle(given)
        const change = answers[method]
        return change ? change(answer as never) : answer
      },
    },
  }
}
