import {
  BundleTooLargeError,
  decodeFunctionData,
  DuplicateIdError,
  isAddressEqual,
  isHash,
  numberToHex,
  TransactionReceiptNotFoundError,
  UnknownBundleIdError,
  UnsupportedNonOptionalCapabilityError,
  type Address,
  type Hash,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import * as v from 'valibot'
import { delegationManagerAbi } from '../delegation/abis.js'
import { disableCall } from '../delegation/disableCall.js'
import { framework, isFrameworkContract } from '../delegation/framework.js'
import type { Execution } from '../delegation/redeem.js'
import { address, amount, bytes, chainId, hex } from '../dialects/wire/primitives.js'
import { readContractMetadata } from '../delegation/contractMetadata.js'
import { askConsent, consentCommon } from './grant.js'
import { needsSmartAccount, sendOwnerCalls } from './ownerCalls.js'
import { requireAccount, requireChain } from './requestChecks.js'
import { invalidParams, parseParams } from './rpcErrors.js'
import { needsUpgrade } from './upgrade.js'
import type { WalletContext } from './walletContext.js'

const maxCalls = 100

const capabilities = v.optional(v.record(v.string(), v.unknown()))
const call = v.strictObject({ to: address, value: v.nullish(amount), data: v.nullish(bytes), capabilities })
const bundle = v.tuple([
  v.strictObject({
    version: v.literal('2.0.0'),
    id: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(8194))),
    from: v.nullish(address),
    chainId: hex,
    atomicRequired: v.optional(v.boolean()),
    calls: v.pipe(v.array(call), v.minLength(1, 'no call')),
    capabilities,
  }),
])

export type Bundles = {
  sendCalls(params: unknown): Promise<{ id: string }>
  callsStatus(params: unknown): Promise<CallsStatus>
  sendTransaction(params: unknown): Promise<Hash>
}

export type CallsStatus = {
  version: '2.0.0'
  id: string
  chainId: Hex
  /** 100 pending · 200 done · 500 reverted, all of it. */
  status: 100 | 200 | 500
  atomic: true
  receipts?: readonly CallsReceipt[]
}

type CallsReceipt = {
  logs: readonly { address: Hex; data: Hex; topics: readonly Hex[] }[]
  status: Hex
  blockHash: Hex
  blockNumber: Hex
  gasUsed: Hex
  transactionHash: Hash
}

/**
 * `wallet_sendCalls` and what belongs to it: the account's own calls, each time with the user's consent, atomic.
 * What is refused, by the user, in a trial run or by the sponsor, fails the request itself.
 * @see ERC-5792
 */
export function createBundles(context: WalletContext): Bundles {
  /** Ids that apps chose. An id of ours is the transaction's hash, so it outlives the page. */
  const chosen = new Map<string, Hash | undefined>()

  return {
    async sendCalls(params) {
      const [{ id, from, calls, ...rest }] = parseParams(bundle, params)
      requireChain(context, rest.chainId)
      if (from) await requireAccount(context, from)
      for (const { capabilities } of [rest, ...calls]) refuseCapabilities(capabilities)
      if (calls.length > maxCalls) throw new BundleTooLargeError(new Error(`${calls.length} calls; ${maxCalls} at most.`))
      if (id === undefined) return { id: await askAndSend(context, calls.map(execution)) }
      if (chosen.has(id)) throw new DuplicateIdError(new Error('That id is in use.'))
      chosen.set(id, undefined)
      try {
        chosen.set(id, await askAndSend(context, calls.map(execution)))
        return { id }
      } catch (error) {
        chosen.delete(id)
        throw error
      }
    },

    async callsStatus(params) {
      const [id] = parseParams(v.tuple([v.pipe(v.string(), v.maxLength(8194))]), params)
      const hash = chosen.get(id) ?? (isHash(id) ? id : undefined)
      const common = { version: '2.0.0', id, chainId: numberToHex(context.chain.id), atomic: true } as const
      if (chosen.has(id) && !hash) return { ...common, status: 100 }
      const receipt = hash && (await receiptOf(context, hash))
      if (!receipt) throw new UnknownBundleIdError(new Error('No calls were sent under that id.'))
      if (receipt === 'pending') return { ...common, status: 100 }
      return { ...common, status: receipt.status === 'success' ? 200 : 500, receipts: [callsReceipt(receipt)] }
    },

    async sendTransaction(params) {
      const [{ from, chainId: wanted, input, data, to, value }] = parseParams(transactionRequest, params)
      if (wanted !== undefined && wanted !== null) requireChain(context, wanted)
      if (from) await requireAccount(context, from)
      if (input && data && input !== data) throw invalidParams('data and input differ')
      return askAndSend(context, [execution({ to, value, data: data ?? input })])
    },
  }
}

async function askAndSend(context: WalletContext, calls: readonly Execution[]): Promise<Hash> {
  const { address: account } = await context.owner()
  // To end what it granted, the account needs nobody's leave; as with wallet_revokeExecutionPermission.
  if (calls.every((call) => isOwnRevocation(account, call))) return sendOwnerCalls(context, calls)
  refuseHidingCalls(account, calls)
  const [upgradesAccount, metadata] = await Promise.all([
    needsSmartAccount(context, calls) && needsUpgrade(context, account),
    readContractMetadata(context.client, calls.filter(({ data }) => data !== '0x').map(({ to }) => to)),
  ])
  const shown = calls.map((one) => ({ ...one }))
  const { settled } = await askConsent(context, { ...consentCommon(context, account), type: 'calls', metadata, calls: shown, upgradesAccount })
  return sendOwnerCalls(context, calls).finally(settled)
}

/** `disableDelegation` of a delegation of this account, and nothing else. */
function isOwnRevocation(account: Address, { to, value, data }: Execution): boolean {
  if (!isAddressEqual(to, framework.DelegationManager) || value !== 0n) return false
  try {
    const { functionName, args } = decodeFunctionData({ abi: delegationManagerAbi, data })
    if (functionName !== 'disableDelegation') return false
    // Encoded again it has to be the same: bytes that decode to it may hide others behind it.
    return isAddressEqual(args[0].delegator, account) && disableCall(args[0]).data === data.toLowerCase()
  } catch {
    return false
  }
}

/**
 * The account lets itself and the DelegationManager in, so `execute` or `redeemDelegations` with an empty context would
 * make any other calls, inside one that nobody could read.
 */
function refuseHidingCalls(account: Address, calls: readonly Execution[]): void {
  for (const [index, { to, data }] of calls.entries()) {
    if (data === '0x') continue
    const what = isAddressEqual(to, account) ? 'the account itself' : isFrameworkContract(to) ? 'part of the delegation engine' : undefined
    if (what) throw invalidParams(`calls.${index}: ${to} is ${what}; a call of it could hide others.`)
  }
}

function execution({ to, value, data }: Pick<v.InferOutput<typeof call>, 'to' | 'value' | 'data'>): Execution {
  return { to, value: value ?? 0n, data: data ?? '0x' }
}

/** The wallet has none that a request could ask for. */
function refuseCapabilities(asked: Record<string, unknown> | undefined): void {
  for (const [name, capability] of Object.entries(asked ?? {})) {
    const optional = typeof capability === 'object' && capability !== null && 'optional' in capability && capability.optional === true
    if (!optional) throw new UnsupportedNonOptionalCapabilityError(new Error(`The capability "${name.slice(0, 60)}" is not supported.`))
  }
}

/** Fees and nonces are the wallet's business: they may be there and are not used. */
const ignored = v.optional(v.unknown())
const transactionRequest = v.tuple([
  v.strictObject({
    from: v.nullish(address),
    to: address,
    value: v.nullish(amount),
    data: v.nullish(bytes),
    input: v.nullish(bytes),
    chainId: v.nullish(chainId),
    gas: ignored,
    gasPrice: ignored,
    maxFeePerGas: ignored,
    maxPriorityFeePerGas: ignored,
    nonce: ignored,
    type: ignored,
    accessList: ignored,
  }),
])

async function receiptOf({ client }: WalletContext, hash: Hash): Promise<TransactionReceipt | 'pending' | undefined> {
  try {
    return await client.getTransactionReceipt({ hash })
  } catch (error) {
    if (!(error instanceof TransactionReceiptNotFoundError)) throw error
  }
  return client.getTransaction({ hash }).then(
    () => 'pending' as const,
    () => undefined,
  )
}

function callsReceipt({ logs, status, blockHash, blockNumber, gasUsed, transactionHash }: TransactionReceipt): CallsReceipt {
  return {
    logs: logs.map(({ address, data, topics }) => ({ address, data, topics })),
    status: status === 'success' ? '0x1' : '0x0',
    blockHash,
    blockNumber: numberToHex(blockNumber),
    gasUsed: numberToHex(gasUsed),
    transactionHash,
  }
}
