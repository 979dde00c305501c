import { estimateUserOperationGas, type EstimateUserOperationGasParameters, type UserOperation } from 'viem/account-abstraction'
import { framework } from '../delegation/framework.js'
import type { Bundler } from './bundlerRpc.js'
import { gasLimit } from './knownGas.js'
import type { Paymaster } from './paymaster.js'

type GasField = 'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas' | 'paymasterVerificationGasLimit' | 'paymasterPostOpGasLimit'

/** What the steps of a user operation may take. */
export type UserOperationGas = Pick<UserOperation<'0.7'>, GasField>

export type UnfilledUserOperation = Omit<UserOperation<'0.7'>, GasField | 'signature' | 'paymaster' | 'paymasterData'>
export type UnsignedUserOperation = Omit<UserOperation<'0.7'>, 'signature'>

export type FillParameters = {
  bundler: Bundler
  paymaster: Paymaster | undefined
  draft: UnfilledUserOperation
  stubSignature: UserOperation['signature']
  /** From an earlier one of the same shape; left out: estimated, which simulates the calls. */
  known: UserOperationGas | undefined
}

/** Adds gas and payment. With known gas that is one request to the paymaster, or none; else the bundler estimates in between. */
export async function fillUserOperation({ bundler, paymaster, draft, stubSignature, known }: FillParameters): Promise<UnsignedUserOperation> {
  if (known) {
    const withGas = { ...draft, ...known }
    return { ...withGas, ...(await paymaster?.data(withGas)) }
  }
  const { isFinal = false, ...stub } = (await paymaster?.stub(draft)) ?? {}
  const request = { ...draft, ...stub, signature: stubSignature, entryPointAddress: framework.EntryPoint }
  // viem's type wants a factory or an authorization said not to be there, where it only is not.
  const estimate = await estimateUserOperationGas(bundler, request as EstimateUserOperationGasParameters<undefined>)
  const withGas = { ...draft, ...stub, ...withMargin({ ...stub, ...estimate }) }
  return paymaster && !isFinal ? { ...withGas, ...(await paymaster.data(withGas)) } : withGas
}

export function gasOf({
  callGasLimit,
  verificationGasLimit,
  preVerificationGas,
  paymasterVerificationGasLimit,
  paymasterPostOpGasLimit,
}: UserOperationGas): UserOperationGas {
  return { callGasLimit, verificationGasLimit, preVerificationGas, paymasterVerificationGasLimit, paymasterPostOpGasLimit }
}

/** A key of a nonce that was never used costs this much more to validate. */
const freshNonceGas = 20_000n

/** State moves between the estimate and the block. Of `preVerificationGas` everything is paid, used or not, so it gets the least. */
function withMargin({ callGasLimit, verificationGasLimit, preVerificationGas, paymasterVerificationGasLimit, paymasterPostOpGasLimit }: Partial<UserOperationGas>): UserOperationGas {
  const more = (gas = 0n) => gas + gas / 10n
  return {
    callGasLimit: gasLimit(callGasLimit ?? 0n),
    verificationGasLimit: more(verificationGasLimit) + freshNonceGas,
    preVerificationGas: (preVerificationGas ?? 0n) + (preVerificationGas ?? 0n) / 20n,
    ...(paymasterVerificationGasLimit === undefined ? {} : { paymasterVerificationGasLimit: more(paymasterVerificationGasLimit) }),
    ...(paymasterPostOpGasLimit === undefined ? {} : { paymasterPostOpGasLimit }),
  }
}
