import type { Address, Client, Hex } from 'viem'
import { framework } from '../delegation/framework.js'
import { findRefusal, findUnreachable, type BundlerRefusal } from './bundlerRpc.js'
import { findRevertError, SessionCallRevertedError, type CallRefusedError } from './errors.js'
import { entryPointCodeIn, PaymasterRefusedError, UserOperationRefusedError } from './userOperationErrors.js'

/** @see ERC-7769, the error codes of `eth_sendUserOperation` and `eth_estimateUserOperationGas` */
const bundlerCode = { paymasterRejected: -32501, paymasterDepositTooLow: -32508, executionReverted: -32521 } as const

type RefusedCall = {
  /** The app's own node. */
  client: Client
  /** The session's account. */
  from: Address
  /** The `redeemDelegations` that the operation makes. */
  data: Hex
}

/** What a bundler or a paymaster said no to, in the kit's words. Anything else stays as it is. */
export async function refusalError(error: Error, call: RefusedCall): Promise<Error> {
  const refusal = findRefusal(error)
  if (!refusal) return findUnreachable(error) ?? error
  const { code, message: reason, service } = refusal
  const entryPointCode = entryPointCodeIn(reason)
  if (service === 'paymaster' || entryPointCode?.startsWith('AA3') || code === bundlerCode.paymasterRejected || code === bundlerCode.paymasterDepositTooLow) {
    return new PaymasterRefusedError({ code, reason, cause: refusal })
  }
  if (code === bundlerCode.executionReverted || (!entryPointCode && /revert/i.test(reason))) return revertIn(refusal, call)
  return new UserOperationRefusedError({ code, reason, cause: refusal })
}

/** Bundlers pass the reason of a revert on in many ways, or not at all; the app's own node knows it. */
async function revertIn(refusal: BundlerRefusal, { client, from, data }: RefusedCall): Promise<CallRefusedError | SessionCallRevertedError> {
  const simulated = await client.request({ method: 'eth_call', params: [{ from, to: framework.DelegationManager, data }, 'latest'] }).then(
    () => undefined,
    (error: Error) => findRevertError(error),
  )
  return simulated ?? findRevertError(refusal) ?? new SessionCallRevertedError({ cause: refusal })
}
