import type { Hex } from 'viem'
import { toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { encodeP256Signature } from '../delegation/p256Account.js'
import { framework } from '../delegation/framework.js'
import type { SessionSigner } from '../keys/sessionSigner.js'

/** A session key as the EntryPoint (v0.7) knows it. */
export type UserOperationAccount = {
  /** As long as a real one, and nobody's: for estimates. */
  stubSignature: Hex
  sign(userOperation: UserOperation<'0.7'>): Promise<Hex>
}

/**
 * The session's own account: the key's address upgraded by EIP-7702, or the contract of a P-256 key. Both sign the packed operation as
 * EIP-712 data of their own, and not the EntryPoint's hash.
 * @see DeleGatorCore `getPackedUserOperationTypedDataHash`
 */
export function userOperationAccount(signer: SessionSigner, chainId: number): UserOperationAccount {
  const name = signer.type === 'contract' ? 'HybridDeleGator' : 'EIP7702StatelessDeleGator'
  return {
    stubSignature: signer.type === 'contract' ? encodeP256Signature({ r: half, s: half }) : secp256k1Stub,
    sign: (userOperation) =>
      signer.signTypedData({
        domain: { name, version: '1', chainId, verifyingContract: signer.address },
        types,
        primaryType: 'PackedUserOperation',
        message: { ...toPackedUserOperation(userOperation), entryPoint: framework.EntryPoint },
      }),
  }
}

const types = {
  PackedUserOperation: [
    { name: 'sender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'initCode', type: 'bytes' },
    { name: 'callData', type: 'bytes' },
    { name: 'accountGasLimits', type: 'bytes32' },
    { name: 'preVerificationGas', type: 'uint256' },
    { name: 'gasFees', type: 'bytes32' },
    { name: 'paymasterAndData', type: 'bytes' },
    { name: 'entryPoint', type: 'address' },
  ],
} as const

/** Recovers to an address that is nobody's, where all-zero bytes would revert. */
const secp256k1Stub: Hex = `0x${'f'.repeat(31)}0${'0'.repeat(32)}7${'a'.repeat(63)}1c`

/** Inside the order of P-256, and no signature of anything: the account does all the arithmetic, as it does for a real one. */
const half = 2n ** 254n
