import type { Address, LocalAccount, SignedAuthorization } from 'viem'
import { getCode, getTransactionCount } from 'viem/actions'
import { caveats } from '../delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Delegation } from '../delegation/delegation.js'
import { anyDelegate, framework, rootAuthority } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Execution, type Redemption } from '../delegation/redeem.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { SessionCallRevertedError } from './errors.js'
import type { Lane, LaneRequest } from './lane.js'
import type { RelayClient } from './relayClient.js'

/** How long a relay may hold a signed call back. */
const deadlineSeconds = 5 * 60

/**
 * A relay (ERC-8249) redeems and pays; the session key holds no native token. The key signs one leaf that pins the
 * execution, once, with a deadline, so the relay can neither change nor repeat nor split what it was given.
 */
export function relayLane(relay: RelayClient): Lane {
  return {
    name: 'relay',
    async send(request) {
      const { targetAddress } = await relay.getCapabilities(request.chainId)
      // A relayer that names no address may send from any: the pinned, once-only, short-lived leaf is what keeps this safe.
      const delegate = targetAddress ?? anyDelegate
      const [first] = request.redemptions
      const { redemption, authorizationList } =
        first && request.redemptions.length === 1
          ? { redemption: await relayOne(request, delegate, first), authorizationList: [] }
          : await relayBatch(request, delegate)
      const result = await relay.send({
        chainId: request.chainId,
        to: framework.DelegationManager,
        data: encodeRedeemDelegations([redemption]),
        ...(authorizationList.length > 0 ? { authorizationList } : {}),
      })
      if (result.receipt.status === 'reverted') throw new SessionCallRevertedError({})
      return result
    },
  }
}

async function relayOne(request: LaneRequest, delegate: Address, { delegations, execution }: Redemption): Promise<Redemption> {
  const [granted] = delegations
  const leaf = await signPinnedLeaf(request, {
    delegate,
    authority: granted ? hashDelegation(granted) : rootAuthority,
    execution,
  })
  return { delegations: [leaf, ...delegations], execution }
}

/**
 * One leaf pins the whole inner `redeemDelegations(…)`: separate leaves would let a relay take the payment and leave
 * the rest. The session account makes the inner call, so it is an EIP-7702 account itself; its authorization rides along.
 */
async function relayBatch(
  request: LaneRequest,
  delegate: Address,
): Promise<{ redemption: Redemption; authorizationList: SignedAuthorization[] }> {
  const execution = { to: framework.DelegationManager, value: 0n, data: encodeRedeemDelegations(request.redemptions) }
  const [leaf, authorizationList] = await Promise.all([
    signPinnedLeaf(request, { delegate, authority: rootAuthority, execution }),
    missingAuthorization(request),
  ])
  return { redemption: { delegations: [leaf], execution }, authorizationList }
}

type Leaf = { delegate: Address; authority: Delegation['authority']; execution: Execution }

async function signPinnedLeaf({ signer, chainId, now }: LaneRequest, { delegate, authority, execution }: Leaf): Promise<Delegation> {
  const leaf = {
    delegate,
    delegator: signer.address,
    authority,
    caveats: [caveats.exactExecution(execution), caveats.callLimit(1), caveats.time({ until: deadline(now) })],
    salt: randomSalt(),
  }
  return { ...leaf, signature: await signer.signTypedData(delegationTypedData(leaf, chainId)) }
}

/** A quiet chain's latest block may be old while the next one is not. */
function deadline(now: UnixSeconds): UnixSeconds {
  return Math.max(now, Math.floor(Date.now() / 1000)) + deadlineSeconds
}

async function missingAuthorization({ client, signer, chainId }: LaneRequest): Promise<SignedAuthorization[]> {
  const code = await getCode(client, { address: signer.address })
  if (code?.toLowerCase() === `0xef0100${framework.EIP7702StatelessDeleGatorImpl.slice(2).toLowerCase()}`) return []
  const nonce = await getTransactionCount(client, { address: signer.address })
  return [await signAuthorization(signer, chainId, nonce)]
}

async function signAuthorization(signer: LocalAccount, chainId: number, nonce: number): Promise<SignedAuthorization> {
  if (!signer.signAuthorization) throw new Error('The session signer cannot sign an EIP-7702 authorization.')
  return signer.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId, nonce })
}
