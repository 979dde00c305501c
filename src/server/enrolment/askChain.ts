import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, hashTypedData, type Address, type Client } from 'viem'
import { getChainId, getCode, readContract } from 'viem/actions'
import { delegationTypedData, type Delegation } from '../../delegation/delegation.js'
import { readUsage } from '../../delegation/usage.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { EnrolmentRefusedError } from './refusal.js'

export type AskChainParameters = {
  chainId: number
  account: Address
  permissions: readonly Permission[]
  roots: readonly Delegation[]
  expiry: UnixSeconds
}

/**
 * What only the chain can say of a grant: that the account signed it, for this chain; that nothing of it was revoked; that it has begun, and
 * has not ended.
 * @throws {EnrolmentRefusedError}
 */
export async function askChain(client: Client, { chainId, account, permissions, roots, expiry }: AskChainParameters): Promise<void> {
  const actualChainId = await getChainId(client)
  // Of a transport that leads elsewhere nothing is known.
  if (actualChainId !== chainId) throw new Error(`The transport of chain ${chainId} leads to chain ${actualChainId}.`)
  const code = await getCode(client, { address: account })
  // The manager has the account execute, so it has to be one that can.
  if (!code || code === '0x') throw new EnrolmentRefusedError('not-deployed', `${account} is not a smart account yet.`)
  for (const root of roots) {
    if (!(await isSigned(client, root, chainId))) {
      throw new EnrolmentRefusedError('not-signed', `A delegation is not signed by ${account} for chain ${chainId}.`)
    }
  }
  const { usages, asOf } = await readUsage(client, roots.map((delegation, index) => ({ delegation, permission: permissions[index] as Permission })))
  if (usages.some(({ disabled }) => disabled)) throw new EnrolmentRefusedError('revoked', 'The account has revoked it.')
  if (usages.some(({ waiting }) => waiting)) throw new EnrolmentRefusedError('not-begun', 'It is signed for a later nonce of the account.')
  if (asOf.timestamp >= expiry) throw new EnrolmentRefusedError('expired', 'It has ended.')
}

/** Asked as the DelegationManager asks: an account with code says itself what it has signed. @see ERC-1271 */
async function isSigned(client: Client, delegation: Delegation, chainId: number): Promise<boolean> {
  const hash = hashTypedData(delegationTypedData(delegation, chainId))
  try {
    const answer = await readContract(client, { address: delegation.delegator, abi: erc1271Abi, functionName: 'isValidSignature', args: [hash, delegation.signature] })
    return answer === validSignature
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

/** The account reverted, or answered with nothing: that is a no. A node that did not answer is none. */
function isRefusal(error: unknown): boolean {
  return error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError) !== null
}

const validSignature = '0x1626ba7e'

const erc1271Abi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [
      { name: 'hash', type: 'bytes32' },
      { name: 'signature', type: 'bytes' },
    ],
    outputs: [{ name: 'magicValue', type: 'bytes4' }],
  },
] as const
