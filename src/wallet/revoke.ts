import { isAddressEqual, size, type Address, type Hash, type Hex } from 'viem'
import * as v from 'valibot'
import { delegationManagerAbi } from '../delegation/abis.js'
import { decodeContext } from '../delegation/context.js'
import { unbundleContexts } from '../delegation/contextBundle.js'
import { hashDelegation, type Delegation } from '../delegation/delegation.js'
import { disableCall } from '../delegation/disableCall.js'
import { framework, rootAuthority } from '../delegation/framework.js'
import { address, bytes, hex } from '../dialects/wire/primitives.js'
import { RevocationNotSeenError } from './errors.js'
import { sendOwnerCalls } from './ownerCalls.js'
import { requireChain } from './requestChecks.js'
import { invalidParams, parseParams } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

export type RevokeReturnType = { transactionHash?: Hash }

/** About half of the gas that a relay gives one transaction by default. */
const maxPerTransaction = 25

const revocation = v.strictObject({ permissionContext: bytes, chainId: v.optional(hex) })
const executionRevocation = v.union([revocation, v.pipe(v.tuple([revocation]), v.transform(([one]) => one))])

/**
 * `wallet_revokeExecutionPermission`, with `params` as a list (the ERC) or as an object (as MetaMask reads it).
 * @see ERC-7715
 */
export async function revokeExecutionPermission(context: WalletContext, params: unknown): Promise<RevokeReturnType> {
  const { permissionContext, chainId } = parseParams(executionRevocation, params)
  if (chainId !== undefined) requireChain(context, chainId)
  return revokeDelegations(context, await delegationsOf(context, permissionContext))
}

/** `wallet_revokePermissions [{ permissionContext }]` of the 2024 family: a context, or a session key's address. */
export async function revokeSession(context: WalletContext, permissionContext: Hex): Promise<RevokeReturnType> {
  const parsed = parseParams(v.union([address, bytes]), permissionContext)
  const delegations = size(parsed) === 20 ? await delegationsTo(context, parsed) : await delegationsOf(context, parsed)
  return revokeDelegations(context, delegations)
}

async function delegationsTo(context: WalletContext, delegate: Address): Promise<readonly Delegation[]> {
  const owner = await context.owner()
  const grants = await context.grants.list(owner.address)
  const delegations = grants.filter(({ row }) => isAddressEqual(row.to, delegate)).map(({ delegation }) => delegation)
  if (delegations.length === 0) throw invalidParams('permissionContext: nothing was granted to that session key')
  return delegations
}

/** The account's own delegation in each context: its root. Whatever was handed on from it ends with it. */
async function delegationsOf(context: WalletContext, permissionContext: Hex): Promise<readonly Delegation[]> {
  const owner = await context.owner()
  return unbundleContexts(permissionContext).map((one) => {
    const root = readContext(one).at(-1)
    if (!root || root.authority !== rootAuthority || !isAddressEqual(root.delegator, owner.address)) {
      throw invalidParams('permissionContext: not a permission of this account')
    }
    return root
  })
}

function readContext(context: Hex): readonly Delegation[] {
  try {
    return decodeContext(context)
  } catch {
    throw invalidParams('permissionContext: not a permission context')
  }
}

/**
 * Disables delegations on-chain and returns once the chain says so; those already disabled count as revoked.
 * @throws {RevocationNotSeenError}
 */
async function revokeDelegations(context: WalletContext, delegations: readonly Delegation[]): Promise<RevokeReturnType> {
  const open = await stillEnabled(context, delegations)
  let transactionHash: Hash | undefined
  for (let start = 0; start < open.length; start += maxPerTransaction) {
    transactionHash = await disable(context, open.slice(start, start + maxPerTransaction))
  }
  return transactionHash ? { transactionHash } : {}
}

async function disable(context: WalletContext, delegations: readonly Delegation[]): Promise<Hash | undefined> {
  let transactionHash: Hash
  try {
    transactionHash = await sendOwnerCalls(context, delegations.map(disableCall))
    await context.client.waitForTransactionReceipt({ hash: transactionHash })
  } catch (error) {
    // Somebody was faster (another tab, the page itself): what counts is what the chain says.
    if ((await stillEnabled(context, delegations)).length === 0) return undefined
    throw error
  }
  if ((await stillEnabled(context, delegations)).length > 0) throw new RevocationNotSeenError({ transactionHash })
  return transactionHash
}

async function stillEnabled(context: WalletContext, delegations: readonly Delegation[]): Promise<readonly Delegation[]> {
  // The same one twice would make the second call fail, and the first with it.
  const unique = [...new Map(delegations.map((delegation) => [hashDelegation(delegation), delegation]))]
  const disabled = await Promise.all(unique.map(([hash]) => isDisabled(context, hash)))
  return unique.flatMap(([, delegation], index) => (disabled[index] ? [] : [delegation]))
}

export function isDisabled({ client }: WalletContext, delegationHash: Hex): Promise<boolean> {
  return client.readContract({
    address: framework.DelegationManager,
    abi: delegationManagerAbi,
    functionName: 'disabledDelegations',
    args: [delegationHash],
  })
}
