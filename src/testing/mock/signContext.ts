import type { Address, Hex, LocalAccount } from 'viem'
import { encodeContext } from '../../delegation/context.js'
import { delegationTypedData, randomSalt, type Caveat } from '../../delegation/delegation.js'
import { rootAuthority } from '../../delegation/framework.js'

/** A delegation that the owner really signs, as a permission context. @see ERC-7710 */
export async function signContext(
  { owner, chainId }: { owner: LocalAccount; chainId: number },
  { delegate, caveats }: { delegate: Address; caveats: readonly Caveat[] },
): Promise<Hex> {
  const delegation = { delegate, delegator: owner.address, authority: rootAuthority, caveats, salt: randomSalt() } as const
  return encodeContext([{ ...delegation, signature: await owner.signTypedData(delegationTypedData(delegation, chainId)) }])
}
