import type { Address, Hex } from 'viem'
import {
  createPaymasterClient,
  type GetPaymasterDataReturnType,
  type PaymasterActions,
  type UserOperation,
} from 'viem/account-abstraction'
import { framework } from '../delegation/framework.js'
import { BundlerRefusal, bundlerTransport, findRefusal, findUnreachable } from './bundlerRpc.js'
import type { JsonRpcEndpointParameters } from './jsonRpcEndpoint.js'

/**
 * Who pays the gas of user operations: a service that speaks ERC-7677, by its URL or with more about it; or functions of your own, such as
 * those of viem's `createPaymasterClient`.
 */
export type PaymasterParameters = string | JsonRpcEndpointParameters | Pick<PaymasterActions, 'getPaymasterData' | 'getPaymasterStubData'>

type Draft = Omit<UserOperation<'0.7'>, 'signature' | 'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas'>

/** Who pays, as the EntryPoint reads it. */
export type Payment = { paymaster: Address; paymasterData: Hex; paymasterVerificationGasLimit?: bigint; paymasterPostOpGasLimit?: bigint }

export type Paymaster = {
  /** Enough to estimate the gas with. `isFinal`: it is the paymaster's word already. */
  stub(draft: Draft): Promise<Payment & { isFinal: boolean }>
  /** Its word that it pays, for exactly this operation. */
  data(userOperation: Omit<UserOperation<'0.7'>, 'signature'>): Promise<Payment>
}

export type PaymasterSettings = { context?: unknown; requestTimeoutMs?: number | undefined }

/** @throws {InvalidBundlerConfigError} at once, for a url or a header that cannot be used */
export function createPaymaster(parameters: PaymasterParameters, { context, requestTimeoutMs }: PaymasterSettings): (chainId: number) => Paymaster {
  const actions = isActions(parameters)
    ? parameters
    : createPaymasterClient({
        transport: bundlerTransport('paymaster', typeof parameters === 'string' ? { url: parameters } : parameters, { timeoutMs: requestTimeoutMs }),
      })
  return (chainId) => {
    const about = { chainId, context, entryPointAddress: framework.EntryPoint }
    return {
      async stub(draft) {
        const answer = await actions.getPaymasterStubData({ ...draft, ...about }).catch(refuse)
        return { ...paymentIn(answer), isFinal: answer.isFinal ?? false }
      },
      data: async (userOperation) => paymentIn(await actions.getPaymasterData({ ...userOperation, ...about }).catch(refuse)),
    }
  }
}

type Actions = Extract<PaymasterParameters, { getPaymasterData: unknown }>

function isActions(parameters: PaymasterParameters): parameters is Actions {
  return typeof parameters === 'object' && 'getPaymasterData' in parameters
}

function paymentIn({ paymaster, paymasterData, paymasterVerificationGasLimit, paymasterPostOpGasLimit }: GetPaymasterDataReturnType): Payment {
  // An older EntryPoint's `paymasterAndData` is of no use to this one.
  if (!paymaster || !paymasterData) throw new BundlerRefusal({ service: 'paymaster', code: internalError, message: 'it names no paymaster for EntryPoint v0.7' })
  return {
    paymaster,
    paymasterData,
    ...(paymasterVerificationGasLimit === undefined ? {} : { paymasterVerificationGasLimit }),
    ...(paymasterPostOpGasLimit === undefined ? {} : { paymasterPostOpGasLimit }),
  }
}

/** Functions of the app's own throw what they like: that is a refusal too. */
function refuse(error: unknown): never {
  if (findRefusal(error) || findUnreachable(error)) throw error
  const { code, shortMessage, message } = error as { code?: unknown; shortMessage?: string; message?: string }
  throw new BundlerRefusal({
    service: 'paymaster',
    code: typeof code === 'number' ? code : internalError,
    message: shortMessage ?? message ?? 'no reason given',
    cause: error,
  })
}

/** JSON-RPC's. */
const internalError = -32603
