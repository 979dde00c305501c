import { isAddressEqual, type Address, type Hex, type LocalAccount, type SignedAuthorization } from 'viem'
import { getCode, getTransactionCount } from 'viem/actions'
import { caveats } from '../delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Caveat, type Delegation } from '../delegation/delegation.js'
import { anyDelegate, framework, rootAuthority } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Execution, type Redemption } from '../delegation/redeem.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { atLeastOurs } from './chainClock.js'
import type { LaneRequest } from './lane.js'
import { mayRedeem, namesNoRedeemer, requireRedeemer } from './redeemers.js'
import type { RelayedCall } from './relayOutcome.js'
import type { RelayTransaction } from './relayWire.js'

/** How long a relay may hold a signed call back. */
const deadlineSeconds = 5 * 60

/** A transaction for the relay, and how to know its leaf on-chain. */
export type SignedCall = RelayedCall & { transaction: RelayTransaction }

/** A redemption for a relay to make, on a leaf that pins it. */
export type SignedRedemption = { redemption: Redemption; leafHash: Hex; deadline: UnixSeconds; authorizationList: readonly SignedAuthorization[] }

/** Session accounts that were seen as smart accounts (EIP-7702), by `upgradeKey`. */
export type KnownUpgrades = Set<string>

export function upgradeKey(chainId: number, address: Address): string {
  return `${chainId}:${address.toLowerCase()}`
}

/**
 * The session key signs one leaf that pins the calls, once and not for long; whoever redeems it does what was signed.
 * @throws {RedeemerNotAllowedError} before anything is signed: the user's wallet names who redeems, and neither could
 */
export async function signCall(request: LaneRequest, delegate: Address, upgrades: KnownUpgrades = new Set()): Promise<SignedCall> {
  const { redemption, authorizationList, leafHash, deadline } = await signRedemption(request, delegate, upgrades)
  const data = encodeRedeemDelegations([redemption])
  const transaction = {
    chainId: request.chainId,
    to: framework.DelegationManager,
    data,
    ...(authorizationList.length > 0 ? { authorizationList } : {}),
  }
  return { transaction, data, leafHash, delegate, deadline }
}

/** The same for a relay that takes redemptions and not transactions. */
export async function signRedemption(request: LaneRequest, delegate: Address, upgrades: KnownUpgrades = new Set()): Promise<SignedRedemption> {
  const deadline = request.once?.deadline ?? deadlineFrom(request.now)
  const alone = redeemedByRelay(request, delegate)
  const { redemption, leaf, authorizationList } =
    alone ? await relayOne(request, { delegate, deadline }, alone) : await relayBatch(request, { delegate, deadline }, upgrades)
  return { redemption, leafHash: hashDelegation(leaf), deadline, authorizationList }
}

/**
 * One call that nobody but the relay may redeem, such as the relay's own fee: it has to see it. Of all that were signed with the same
 * number, one can be redeemed, once.
 * @throws {RedeemerNotAllowedError} before anything is signed
 */
export async function signOneOf(request: Omit<LaneRequest, 'redemptions'>, delegate: Address, { single, id }: { single: Redemption; id: bigint }): Promise<Redemption> {
  requireRedeemer([single], [delegate])
  const { redemption } = await relayOne({ ...request, once: undefined }, { delegate, deadline: deadlineFrom(request.now), count: caveats.id(id) }, single)
  return redemption
}

/**
 * The redemption that the relay makes itself; undefined where the session account has to. That is so for several at once, and where the
 * user's wallet lets the session account redeem and not this relay.
 */
function redeemedByRelay({ redemptions, signer }: LaneRequest, delegate: Address): Redemption | undefined {
  const [first, ...others] = redemptions
  if (!first || others.length > 0) {
    requireRedeemer(redemptions, [signer.address])
    return undefined
  }
  // A relay that does not say who it sends as may still be one that is allowed.
  const anonymous = isAddressEqual(delegate, anyDelegate)
  if (anonymous ? namesNoRedeemer(first) : mayRedeem(first, delegate)) return first
  if (mayRedeem(first, signer.address)) return undefined
  if (!anonymous) requireRedeemer([first], [delegate, signer.address])
  return first
}

/** `count`: how often it can be redeemed. Left out: once. */
type Terms = { delegate: Address; deadline: UnixSeconds; count?: Caveat }
type Signed = { redemption: Redemption; leaf: Delegation; authorizationList: SignedAuthorization[] }

async function relayOne(request: Omit<LaneRequest, 'redemptions'>, terms: Terms, { delegations, execution }: Redemption): Promise<Signed> {
  const [granted] = delegations
  const authority = granted ? hashDelegation(granted) : rootAuthority
  const leaf = await signPinnedLeaf(request, { ...terms, authority, execution })
  return { redemption: { delegations: [leaf, ...delegations], execution }, leaf, authorizationList: [] }
}

/**
 * One leaf pins the whole inner `redeemDelegations(…)`: separate leaves would let a relay take the payment and leave
 * the rest. The session account makes the inner call, so it is a smart account itself: a contract, or by EIP-7702, and then its
 * authorization rides along.
 */
async function relayBatch(request: LaneRequest, terms: Terms, upgrades: KnownUpgrades): Promise<Signed> {
  const execution = { to: framework.DelegationManager, value: 0n, data: encodeRedeemDelegations(request.redemptions) }
  const [leaf, authorizationList] = await Promise.all([
    signPinnedLeaf(request, { ...terms, authority: rootAuthority, execution }),
    missingAuthorization(request, upgrades),
  ])
  return { redemption: { delegations: [leaf], execution }, leaf, authorizationList }
}

type Leaf = Terms & { authority: Hex; execution: Execution }

async function signPinnedLeaf({ signer, chainId, once }: Pick<LaneRequest, 'signer' | 'chainId' | 'once'>, { delegate, deadline, authority, execution, count = caveats.callLimit(1) }: Leaf): Promise<Delegation> {
  const leaf = {
    delegate,
    delegator: signer.address,
    authority,
    caveats: [caveats.exactExecution(execution), count, caveats.time({ until: deadline }), ...(once ? [caveats.id(once.number)] : [])],
    salt: once?.number ?? randomSalt(),
  }
  return { ...leaf, signature: await signer.signTypedData(delegationTypedData(leaf, chainId)) }
}

function deadlineFrom(now: UnixSeconds): UnixSeconds {
  return atLeastOurs(now) + deadlineSeconds
}

/** What makes the session key's address a smart account (EIP-7702), where it is none yet. */
export async function missingAuthorization({ client, signer, chainId }: LaneRequest, upgrades: KnownUpgrades): Promise<SignedAuthorization[]> {
  if (signer.type === 'contract' || upgrades.has(upgradeKey(chainId, signer.address))) return []
  const code = await getCode(client, { address: signer.address })
  if (code?.toLowerCase() === `0xef0100${framework.EIP7702StatelessDeleGatorImpl.slice(2).toLowerCase()}`) {
    upgrades.add(upgradeKey(chainId, signer.address))
    return []
  }
  const nonce = await getTransactionCount(client, { address: signer.address })
  return [await signAuthorization(signer, chainId, nonce)]
}

async function signAuthorization(signer: LocalAccount, chainId: number, nonce: number): Promise<SignedAuthorization> {
  if (!signer.signAuthorization) throw new Error('The session signer cannot sign an EIP-7702 authorization.')
  return signer.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId, nonce })
}
