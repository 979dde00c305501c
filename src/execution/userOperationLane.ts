import type { Address, Client, Hex } from 'viem'
import { createBundlerClient, getUserOperationHash, sendUserOperation, type UserOperation } from 'viem/account-abstraction'
import { getBlockNumber } from 'viem/actions'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations } from '../delegation/redeem.js'
import { decodeRevertReason } from '../delegation/revertReason.js'
import { bundlerTransport, findUnreachable, type Bundler } from './bundlerRpc.js'
import { createChainFees, type ChainFees, type Fees } from './chainFees.js'
import { revertError, SessionCallRevertedError } from './errors.js'
import { fillUserOperation, gasOf, type UserOperationGas } from './fillUserOperation.js'
import { hasCode } from './hasCode.js'
import type { JsonRpcEndpointParameters } from './jsonRpcEndpoint.js'
import { createKnownGas, shapeOf, type KnownGas } from './knownGas.js'
import type { Lane, LaneRequest, LaneResult } from './lane.js'
import { refuseOnce } from './onceNotKept.js'
import { createOneAtATime, type OneAtATime } from './oneAtATime.js'
import { createPaymaster, type PaymasterParameters } from './paymaster.js'
import { requireRedeemer } from './redeemers.js'
import { missingAuthorization, upgradeKey, type KnownUpgrades } from './signedCall.js'
import { userOperationAccount } from './userOperationAccount.js'
import { UserOperationRevertedError } from './userOperationErrors.js'
import { readUserOperation } from './userOperationEvents.js'
import { createUserOperationNonces } from './userOperationNonces.js'
import { userOperationOutcome, type OutcomePatience } from './userOperationOutcome.js'
import { refusalError } from './userOperationRefusal.js'

export type UserOperationLaneParameters = JsonRpcEndpointParameters &
  OutcomePatience & {
    /** Who pays. `true`: the bundler's own endpoint speaks ERC-7677 too. Left out: the session's account, of its native token or its deposit. */
    paymaster?: PaymasterParameters | true | undefined
    /** Handed on to the paymaster's service as it is: a policy's id, say. */
    paymasterContext?: unknown
    /** What to offer per unit of gas, for a bundler that wants more than the chain does. Default: from the chain, once a minute. */
    estimateFeesPerGas?: ((client: Client) => Promise<UserOperationFees>) | undefined
    /** How long one request to the bundler or the paymaster may take. @default 15_000 */
    requestTimeoutMs?: number | undefined
  }

export type UserOperationFees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

/** What makes the session's account a smart account, in its first operation. */
type Birth = { factory?: Address; factoryData?: Hex; authorization?: UserOperation<'0.7'>['authorization'] }

/**
 * The session's own account makes the calls as a user operation (ERC-4337, EntryPoint v0.7), which a bundler brings on-chain and a
 * paymaster pays. The account is the session key's address upgraded by EIP-7702, or the contract of a P-256 key; its first operation
 * makes it one.
 *
 * Gas is estimated once per shape of call, fees are read once a minute and nonces are never asked for, so a call that our check has allowed
 * costs: the paymaster's word, the operation, looks at the bundler until it is in a block, and the receipt from the app's own node.
 *
 * @throws {InvalidBundlerConfigError} at once, for a url or a header that cannot be used
 * @see ERC-4337, ERC-7677 (paymaster services), ERC-7769 (bundlers)
 */
export function userOperationLane(parameters: UserOperationLaneParameters): Lane {
  const { paymaster: payer, paymasterContext: context, estimateFeesPerGas, requestTimeoutMs, url, apiKey, headers, fetch } = parameters
  const endpoint = { url, apiKey, headers, fetch }
  const bundler: Bundler = createBundlerClient({ transport: bundlerTransport('bundler', endpoint, { timeoutMs: requestTimeoutMs }) })
  const paymasterOf = payer === undefined ? undefined : createPaymaster(payer === true ? endpoint : payer, { context, requestTimeoutMs })
  const nonces = createUserOperationNonces()
  const smart: KnownUpgrades = new Set()
  const births = new Map<string, OneAtATime>()
  const clients = new WeakMap<Client, { fees: ChainFees; gas: KnownGas<UserOperationGas> }>()

  function knownOf(client: Client) {
    const known = clients.get(client) ?? { fees: createChainFees(client), gas: createKnownGas<UserOperationGas>() }
    clients.set(client, known)
    return known
  }

  async function act(request: LaneRequest, birth: Birth): Promise<LaneResult> {
    const { chainId, client, signer, redemptions, checked = false } = request
    const { fees, gas } = knownOf(client)
    const account = userOperationAccount(signer, chainId)
    const sender = { chainId, address: signer.address }
    const callData = encodeRedeemDelegations(redemptions)
    const shape = [chainId, ...Object.keys(birth), shapeOf(redemptions)].join(':')
    const nonce = nonces.take(sender)

    async function sign(known: UserOperationGas | undefined): Promise<UserOperation<'0.7'>> {
      const offered = estimateFeesPerGas ? await estimateFeesPerGas(client) : offer(await fees.current())
      const draft = { sender: signer.address, nonce, callData, ...offered, ...birth }
      const filled = await fillUserOperation({ bundler, paymaster: paymasterOf?.(chainId), draft, stubSignature: account.stubSignature, known })
      return { ...filled, signature: await account.sign({ ...filled, signature: '0x' }) }
    }

    async function submit(): Promise<{ userOperation: UserOperation<'0.7'>; lost?: Error | undefined }> {
      const known = checked ? gas.get(shape) : undefined
      const userOperation = await sign(known)
      const refusal = await hand(bundler, userOperation)
      if (!refusal || findUnreachable(refusal)) return { userOperation, lost: refusal }
      if (!known) throw refusal
      // What was known may be old: a rollup's share of the gas moves with the other chain's, and fees rise. Nothing was taken, so its number is free.
      gas.forget(shape)
      await fees.exact()
      const again = await sign(undefined)
      const second = await hand(bundler, again)
      if (second && !findUnreachable(second)) throw second
      return { userOperation: again, lost: second }
    }

    const fromBlock = request.blockNumber ?? (await getBlockNumber(client))
    const { userOperation, lost } = await submit().catch(async (error: Error) => {
      throw await refusalError(error, { client, from: signer.address, data: callData })
    })
    const userOperationHash = getUserOperationHash({ chainId, entryPointAddress: framework.EntryPoint, entryPointVersion: '0.7', userOperation })
    const receipt = await userOperationOutcome({ bundler, client, userOperationHash, fromBlock, cause: lost }, parameters)
    nonces.happened(sender, nonce)
    const result = readUserOperation(receipt, userOperationHash)
    if (result?.success === false) {
      gas.forget(shape)
      throw failedError(new UserOperationRevertedError({ userOperationHash, receipt, data: result.revertData }))
    }
    gas.note(shape, gasOf(userOperation))
    return { id: userOperationHash, transactionHash: receipt.transactionHash, receipt }
  }

  return {
    name: 'user-operation',
    payer: payer ? 'relay' : 'session-key',
    async send(request) {
      const { chainId, signer, redemptions } = request
      refuseOnce(request, { name: 'user-operation', payer: payer ? 'paymaster' : 'account' })
      requireRedeemer(redemptions, [signer.address])
      const key = upgradeKey(chainId, signer.address)
      const send = async () => {
        try {
          const result = await act(request, await birthOf(request, smart))
          smart.add(key)
          return result
        } catch (error) {
          // Whatever it was that went wrong: the account is looked at again.
          smart.delete(key)
          throw error
        }
      }
      if (smart.has(key)) return send()
      // The operation that makes the account goes alone: a second one would make it again, which the EntryPoint refuses.
      const alone = births.get(key) ?? createOneAtATime()
      births.set(key, alone)
      return alone(send)
    },
  }
}

/** Hands it to the bundler, a second time where the answer was lost: the bundler knows it by its hash, and its number is good for one. */
async function hand(bundler: Bundler, userOperation: UserOperation<'0.7'>): Promise<Error | undefined> {
  const send = () =>
    sendUserOperation(bundler, { ...userOperation, entryPointAddress: framework.EntryPoint }).then(
      () => undefined,
      (error: Error) => error,
    )
  const lost = await send()
  if (!lost || !findUnreachable(lost)) return lost
  // A refusal now is no word on the first.
  return (await send()) && lost
}

async function birthOf(request: LaneRequest, smart: KnownUpgrades): Promise<Birth> {
  const { client, signer, chainId } = request
  if (smart.has(upgradeKey(chainId, signer.address))) return {}
  if (signer.type === 'contract') return (await hasCode(client, signer.address)) ? {} : signer.deployment
  const [authorization] = await missingAuthorization(request, smart)
  return authorization ? { authorization } : {}
}

function offer(fees: Fees): UserOperationFees {
  return fees.type === 'legacy'
    ? { maxFeePerGas: fees.gasPrice, maxPriorityFeePerGas: fees.gasPrice }
    : { maxFeePerGas: fees.maxFeePerGas, maxPriorityFeePerGas: fees.maxPriorityFeePerGas }
}

function failedError(failed: UserOperationRevertedError): Error {
  const { data } = failed
  if (!data) return new SessionCallRevertedError({ cause: failed })
  return revertError(decodeRevertReason(data) ?? { contract: 'call', reason: data.slice(0, 10), data }, failed)
}
