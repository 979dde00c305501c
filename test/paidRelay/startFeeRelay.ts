import { createHmac, randomBytes } from 'node:crypto'
import {
  decodeFunctionData,
  erc20Abi,
  hexToBigInt,
  isAddressEqual,
  isHex,
  numberToHex,
  parseEther,
  type Address,
  type Hex,
  type SignedAuthorization,
} from 'viem'
import { recoverAuthorizationAddress } from 'viem/utils'
import * as v from 'valibot'
import { delegationTypedData, hashDelegation, type Delegation } from '../../src/delegation/delegation.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { findRevertData } from '../../src/delegation/revertReason.js'
import { createOneAtATime } from '../../src/execution/oneAtATime.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'
import { newAccount } from '../startShop.js'
import { capabilitiesParams, estimateParams, feeDataParams, sendParams, statusParams, type SendParams } from './feeRelaySchema.js'

/** The published error catalogue. */
const codes = {
  methodNotFound: -32601,
  invalidParams: -32602,
  insufficientPayment: 4200,
  invalidSignature: 4201,
  unsupportedToken: 4202,
  quoteExpired: 4204,
  insufficientBalance: 4205,
  unsupportedChain: 4206,
  unknownId: 4208,
  invalidAuthorizationList: 4210,
  simulationFailed: 4211,
  invalidTaskId: 4213,
  duplicateTaskId: 4214,
} as const

class RpcFailure extends Error {
  readonly code: number
  readonly data: unknown
  constructor(reason: keyof typeof codes, message: string, data?: unknown) {
    super(message)
    this.code = codes[reason]
    this.data = data
  }
}

export type FeeRelayBehaviour = {
  /** How long a quote holds. */
  quoteSeconds?: number
  /** Token units for a unit of gas. */
  unitsPerGas?: bigint
  /** The price locked by a quote is not kept. */
  forgetsQuotes?: boolean
  /** Redeems what pays it, and nothing else. */
  takesFeeOnly?: boolean
  /** Sends with less gas than it takes. */
  starves?: boolean
  /** Makes the calls, and never says so. */
  saysNothing?: boolean
}

/**
 * A relay that redeems delegations for a fee, as one that is public documents itself, and strict: what its documentation does not allow it
 * refuses, with the code that the documentation gives. What it takes it really redeems.
 */
export async function startFeeRelay(chain: LocalChain, { token, decimals, minFee }: { token: Address; decimals: number; minFee: bigint }) {
  const secret = randomBytes(32)
  const feeCollector = newAccount().address
  const chainId = chain.chain.id
  let account = newAccount()
  await chain.setBalance(account.address, parseEther('100'))
  let behaviour: FeeRelayBehaviour = {}
  let clock = () => Math.floor(Date.now() / 1000)
  const asked: { method: string; params: unknown }[] = []
  const salts = new Set<Hex>()
  // Two at once would take the same nonce.
  const inTurn = createOneAtATime()
  const tasks = new Map<Hex, { createdAt: number; hash: Hex }>()

  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex')
  const quoteOf = (unitsPerGas: bigint) => {
    const text = JSON.stringify({ unitsPerGas: String(unitsPerGas), expiry: clock() + (behaviour.quoteSeconds ?? 30) })
    return `${Buffer.from(text).toString('base64url')}.${sign(text)}`
  }
  const currentPrice = () => behaviour.unitsPerGas ?? 1n

  /** The price that a quote locked. */
  function priceOf(context: string | undefined): bigint {
    if (context === undefined) return currentPrice()
    const [encoded = '', signature] = context.split('.')
    const text = Buffer.from(encoded, 'base64url').toString()
    if (signature !== sign(text)) throw new RpcFailure('invalidParams', 'context was not signed here')
    const { unitsPerGas, expiry } = JSON.parse(text) as { unitsPerGas: string; expiry: number }
    if (clock() >= expiry) throw new RpcFailure('quoteExpired', 'Quote Expired')
    return behaviour.forgetsQuotes ? currentPrice() : BigInt(unitsPerGas)
  }

  const requireChain = (id: string) => {
    if (id !== String(chainId)) throw new RpcFailure('unsupportedChain', 'Unsupported Chain')
  }
  const requireToken = (address: Address) => {
    if (!isAddressEqual(address, token)) throw new RpcFailure('unsupportedToken', 'Unsupported Payment Token')
  }

  async function requireDelegations({ transactions }: SendParams, { signed }: { signed: boolean }): Promise<Delegation[][]> {
    const contexts = transactions.map(({ permissionContext }) => permissionContext.map((one): Delegation => ({ ...one, salt: hexToBigInt(one.salt) })))
    for (const context of contexts) {
      const [leaf] = context
      if (!leaf || !isAddressEqual(leaf.delegate, account.address)) throw new RpcFailure('invalidParams', `delegate must be ${account.address}`)
      for (const [index, delegation] of context.entries()) {
        const parent = context[index + 1]
        if (delegation.authority.toLowerCase() !== (parent ? hashDelegation(parent) : rootAuthority).toLowerCase()) throw new RpcFailure('invalidParams', 'authority is not the next delegation')
        if (parent && !isAddressEqual(parent.delegate, delegation.delegator)) throw new RpcFailure('invalidParams', 'a delegation of somebody else’s')
        const isEmpty = /^0x0*$/.test(delegation.signature)
        if (isEmpty && signed) throw new RpcFailure('invalidSignature', 'Invalid Signature: a placeholder')
        const good = isEmpty || (await chain.client.verifyTypedData({ address: delegation.delegator, ...delegationTypedData(delegation, chainId), signature: delegation.signature }))
        if (!good) throw new RpcFailure('invalidSignature', 'Invalid Signature')
      }
      if (signed && salts.has(numberToHex(leaf.salt))) throw new RpcFailure('invalidSignature', 'Invalid Signature: the salt was used before')
    }
    return contexts
  }

  async function requireAuthorizations({ authorizationList = [], transactions }: SendParams): Promise<SignedAuthorization[]> {
    if (authorizationList.length > 1) throw new RpcFailure('invalidAuthorizationList', 'Invalid Authorization List: at most one')
    const list = authorizationList.map(({ address, chainId: on, nonce, r, s, yParity }) => ({ address, chainId: Number(on), nonce: Number(nonce), r, s, yParity: Number(yParity) }))
    for (const authorization of list) {
      const signer = await recoverAuthorizationAddress({ authorization })
      const delegators = transactions.flatMap(({ permissionContext }) => permissionContext.map(({ delegator }) => delegator))
      if (!delegators.some((one) => isAddressEqual(one, signer))) throw new RpcFailure('invalidAuthorizationList', 'Invalid Authorization List: nobody’s')
    }
    return list
  }

  /** The first transfer to the collector, by whom and how much. */
  function paymentIn({ transactions }: SendParams): { index: number; amount: bigint } {
    for (const [index, { executions }] of transactions.entries()) {
      for (const { target, data } of executions) {
        const call = readTransfer(data)
        if (!call || !isAddressEqual(call.to, feeCollector)) continue
        requireToken(target)
        if (call.amount < minFee) throw new RpcFailure('insufficientPayment', `Insufficient Payment: below minFee ${minFee}`)
        return { index, amount: call.amount }
      }
    }
    throw new RpcFailure('insufficientPayment', 'Insufficient Payment: no transfer to the feeCollector')
  }

  async function plan(params: SendParams, { signed }: { signed: boolean }) {
    requireChain(params.chainId)
    const authorizationList = await requireAuthorizations(params)
    const contexts = await requireDelegations(params, { signed })
    const payment = paymentIn(params)
    const redemptions = params.transactions.flatMap(({ executions }, index): Redemption[] =>
      executions.map(({ target, value, data }) => ({ delegations: contexts[index] ?? [], execution: { to: target, value: BigInt(value), data } })),
    )
    const payer = contexts[payment.index]?.at(-1)?.delegator as Address
    const balance = await chain.client.readContract({ address: token, abi: erc20Abi, functionName: 'balanceOf', args: [payer] })
    if (balance < payment.amount) throw new RpcFailure('insufficientBalance', 'Insufficient Balance')
    const request = {
      account,
      to: framework.DelegationManager,
      data: encodeRedeemDelegations(redemptions),
      ...(authorizationList.length > 0 ? { authorizationList } : {}),
    }
    const gas = await chain.client.estimateGas(request).catch((error: unknown) => {
      throw new RpcFailure('simulationFailed', 'Simulation Failed', findRevertData(error))
    })
    return { request, gas, payment, redemptions, contexts }
  }

  const required = (gas: bigint, unitsPerGas: bigint) => (gas * unitsPerGas > minFee ? gas * unitsPerGas : minFee)

  async function estimate(input: unknown) {
    try {
      const { gas } = await plan(read(estimateParams, input), { signed: false })
      return {
        success: true,
        paymentTokenAddress: token,
        paymentChain: chainId,
        gasUsed: { [chainId]: String(gas) },
        requiredPaymentAmount: String(required(gas, currentPrice())),
        context: quoteOf(currentPrice()),
        contextByChainId: { [chainId]: quoteOf(currentPrice()) },
      }
    } catch (error) {
      if (!(error instanceof RpcFailure) || error.code === codes.invalidParams || error.code === codes.unsupportedChain) throw error
      return { success: false, gasUsed: {}, error: error.message }
    }
  }

  async function send(input: unknown): Promise<Hex> {
    const params = read(sendParams, input)
    const { taskId = numberToHex(BigInt(`0x${randomBytes(32).toString('hex')}`), { size: 32 }) } = params
    if (!isHex(taskId) || taskId.length !== 66) throw new RpcFailure('invalidTaskId', 'Invalid Task ID')
    if (tasks.has(taskId)) throw new RpcFailure('duplicateTaskId', 'Duplicate Task ID')
    const unitsPerGas = priceOf(params.context)
    const { request, gas, payment, redemptions, contexts } = await plan(params, { signed: true })
    // A gas estimate with the real fee may differ a little from the one that was quoted.
    const wanted = required((gas * 95n) / 100n, unitsPerGas)
    if (payment.amount < wanted) throw new RpcFailure('insufficientPayment', `Insufficient Payment: ${wanted} needed`)
    for (const [leaf] of contexts) if (leaf) salts.add(numberToHex(leaf.salt))
    const data = behaviour.takesFeeOnly ? encodeRedeemDelegations(redemptions.slice(payment.index, payment.index + 1)) : request.data
    const hash = await inTurn(() => chain.client.sendTransaction({ ...request, chain: chain.chain, data, gas: behaviour.starves ? gas / 2n : gas + gas / 5n }))
    tasks.set(taskId, { createdAt: clock(), hash })
    return taskId
  }

  async function status(input: unknown) {
    const { id, logs } = read(statusParams, input)
    const task = tasks.get(id)
    if (!task) throw new RpcFailure('unknownId', 'Unknown Transaction ID')
    const base = { id, chainId: String(chainId), createdAt: task.createdAt }
    if (behaviour.saysNothing) return { ...base, status: 100 }
    const receipt = await chain.client.getTransactionReceipt({ hash: task.hash }).catch(() => undefined)
    if (!receipt) return { ...base, status: 110, hash: task.hash }
    if (receipt.status === 'reverted') {
      const { input: data, from } = await chain.client.getTransaction({ hash: task.hash })
      const error: unknown = await chain.client.call({ account: from, to: framework.DelegationManager, data, blockNumber: receipt.blockNumber }).catch((reason: unknown) => reason)
      return { ...base, status: 500, data: findRevertData(error) ?? '0x' }
    }
    const { blockHash, blockNumber, gasUsed, transactionHash } = receipt
    return {
      ...base,
      status: 200,
      receipt: { blockHash, blockNumber: String(blockNumber), gasUsed: String(gasUsed), transactionHash, ...(logs ? { logs: receipt.logs.map(({ address, topics, data }) => ({ address, topics, data })) } : {}) },
    }
  }

  async function answer(method: string, params: unknown): Promise<unknown> {
    switch (method) {
      case 'relayer_getCapabilities':
        return Object.fromEntries(
          read(capabilitiesParams, params)
            .filter((id) => id === String(chainId))
            // The documentation has the decimals as a text.
            .map((id) => [id, { feeCollector, targetAddress: account.address, tokens: [{ address: token, symbol: 'FEE', name: 'Fee', decimals: String(decimals) }] }]),
        )
      case 'relayer_getFeeData': {
        const asked = read(feeDataParams, params)
        requireChain(asked.chainId)
        requireToken(asked.token)
        const expiry = clock() + (behaviour.quoteSeconds ?? 30)
        const gasPrice = numberToHex(await chain.client.getGasPrice())
        return { chainId: asked.chainId, token: { address: token, decimals, symbol: 'FEE' }, rate: 1.5, minFee: String(minFee), expiry, gasPrice, feeCollector, targetAddress: account.address, context: quoteOf(currentPrice()) }
      }
      case 'relayer_estimate7710Transaction':
        return estimate(params)
      case 'relayer_send7710Transaction':
        return send(params)
      case 'relayer_getStatus':
        return status(params)
      default:
        throw new RpcFailure('methodNotFound', 'Method not found')
    }
  }

  const server = await serveFetch(async (incoming) => {
    const { id, method, params } = (await incoming.json()) as { id: number; method: string; params: unknown }
    asked.push({ method, params })
    try {
      return Response.json({ jsonrpc: '2.0', id, result: await answer(method, params) })
    } catch (error) {
      const { code, message, data } = error instanceof RpcFailure ? error : { code: -32603, message: String(error), data: undefined }
      return Response.json({ jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } })
    }
  })

  return {
    url: server.url,
    feeCollector,
    asked,
    methods: () => asked.map(({ method }) => method.replace('relayer_', '')),
    target: () => account.address,
    /** It sends from another address from now on. */
    async moveTo(next = newAccount()) {
      account = next
      await chain.setBalance(account.address, parseEther('100'))
    },
    behave: (next: FeeRelayBehaviour) => (behaviour = next),
    /** Its clock goes by this one. */
    setClock: (next: () => number) => (clock = next),
    stop: server.close,
  }
}

function read<schema extends v.GenericSchema>(schema: schema, value: unknown): v.InferOutput<schema> {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) throw new RpcFailure('invalidParams', `Invalid params: ${v.getDotPath(parsed.issues[0]) ?? ''} ${parsed.issues[0].message}`)
  return parsed.output
}

function readTransfer(data: Hex): { to: Address; amount: bigint } | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: erc20Abi, data })
    return functionName === 'transfer' ? { to: args[0], amount: args[1] } : undefined
  } catch {
    return undefined
  }
}
