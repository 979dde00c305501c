import {
  createPaymasterClient,
  type GetPaymasterDataReturnType,
  type GetPaymasterStubDataReturnType,
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

export type Paymaster = {
  /** Enough to estimate the gas with. */
  stub(draft: Draft): Promise<GetPaymasterStubDataReturnType>
  /** Its word that it pays, for exactly this operation. */
  data(userOperation: Omit<UserOperation<'0.7'>, 'signature'>): Promise<GetPaymasterDataReturnType>
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
      stub: (draft) => actions.getPaymasterStubData({ ...draft, ...about }).catch(refuse),
      data: (userOperation) => actions.getPaymasterData({ ...userOperation, ...about }).catch(refuse),
    }
  }
}

type Actions = Extract<PaymasterParameters, { getPaymasterData: unknown }>

function isActions(parameters: PaymasterParameters): parameters is Actions {
  return typeof parameters === 'object' && 'getPaymasterData' in parameters
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
