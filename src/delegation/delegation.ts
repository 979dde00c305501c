import { hashStruct, type Address, type Hex } from 'viem'
import { framework } from './framework.js'

export type Caveat = { enforcer: Address; terms: Hex; args: Hex }

/** One step of authority. `args` and `signature` are not part of its hash. @see ERC-7710 */
export type Delegation = {
  delegate: Address
  delegator: Address
  /** Hash of the delegation it stands on, or `rootAuthority`. */
  authority: Hex
  caveats: readonly Caveat[]
  salt: bigint
  signature: Hex
}

export type UnsignedDelegation = Omit<Delegation, 'signature'>

const types = {
  Delegation: [
    { name: 'delegate', type: 'address' },
    { name: 'delegator', type: 'address' },
    { name: 'authority', type: 'bytes32' },
    { name: 'caveats', type: 'Caveat[]' },
    { name: 'salt', type: 'uint256' },
  ],
  Caveat: [
    { name: 'enforcer', type: 'address' },
    { name: 'terms', type: 'bytes' },
  ],
} as const

/** The hash by which the DelegationManager and the enforcers know a delegation. It does not contain the chain id. */
export function hashDelegation(delegation: UnsignedDelegation): Hex {
  const known = hashes.get(delegation)
  if (known) return known
  const hash = hashStruct({ types, primaryType: 'Delegation', data: delegation })
  hashes.set(delegation, hash)
  return hash
}

const hashes = new WeakMap<UnsignedDelegation, Hex>()

/** What the delegator signs (EIP-712, domain of the DelegationManager). */
export function delegationTypedData(delegation: UnsignedDelegation, chainId: number) {
  const { delegate, delegator, authority, caveats, salt } = delegation
  return {
    domain: { name: 'DelegationManager', version: '1', chainId, verifyingContract: framework.DelegationManager },
    types,
    primaryType: 'Delegation',
    message: {
      delegate,
      delegator,
      authority,
      caveats: caveats.map(({ enforcer, terms }) => ({ enforcer, terms })),
      salt,
    },
  } as const
}

/** A fresh 32-byte salt: two grants of the same text never share a counter or a revocation. */
export function randomSalt(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return bytes.reduce((salt, byte) => (salt << 8n) | BigInt(byte), 0n)
}
