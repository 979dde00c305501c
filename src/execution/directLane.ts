import type { Client } from 'viem'
import { caveats } from '../delegation/caveats.js'
import { delegationTypedData, hashDelegation } from '../delegation/delegation.js'
import { rootAuthority } from '../delegation/framework.js'
import type { Redemption } from '../delegation/redeem.js'
import { RelayRequiredError } from './errors.js'
import type { KeyLease } from './keyLease.js'
import { createKeyTransactions, type KeyTransactions } from './keyTransactions.js'
import type { Lane, LaneRequest } from './lane.js'
import { requireRedeemer } from './redeemers.js'

export type DirectLaneOptions = {
  /** How long nothing may happen before the chain is looked at for the reason; longer where blocks are slow. @default 5_000 */
  patienceMs?: number | undefined
  /** Who else uses the keys. Default: the other tabs of this origin (Web Locks). */
  lease?: ((name: string) => KeyLease) | undefined
}

const defaultPatienceMs = 5_000

/**
 * The session key sends the transaction and pays its gas; it needs some of the native token for that. What a transaction needs to know is
 * kept from one to the next, so that a call which our check has allowed is one request where the node can wait for the block.
 */
export function directLane({ patienceMs = defaultPatienceMs, lease }: DirectLaneOptions = {}): Lane {
  const clients = new WeakMap<Client, KeyTransactions>()

  function transactionsOf(client: Client): KeyTransactions {
    const known = clients.get(client)
    if (known) return known
    const fresh = createKeyTransactions(client, { patienceMs, lease })
    clients.set(client, fresh)
    return fresh
  }

  return {
    name: 'direct',
    async send(request) {
      const { chainId, client, signer, redemptions, checked = false, onOutgoing } = request
      if (signer.type === 'contract') throw new RelayRequiredError()
      requireRedeemer(redemptions, [signer.address])
      const once = await pinnedOnce(request)
      const receipt = await transactionsOf(client).redeem({ chainId, signer, redemptions: once, checked, onOutgoing })
      const { transactionHash } = receipt
      return { id: transactionHash, transactionHash, receipt }
    },
  }
}

/**
 * The first of them stands on a leaf from the session key to itself, of which the chain takes one. They are one transaction, so the others happen
 * when it does, and no second time either. What the calls are is the transaction's to say: nobody else can redeem the leaf.
 */
async function pinnedOnce({ redemptions, signer, chainId, once }: LaneRequest): Promise<readonly Redemption[]> {
  const [first, ...others] = redemptions
  if (!once || !first) return redemptions
  const { delegations, execution } = first
  const [granted] = delegations
  const leaf = {
    delegate: signer.address,
    delegator: signer.address,
    authority: granted ? hashDelegation(granted) : rootAuthority,
    caveats: [caveats.time({ until: once.deadline }), caveats.id(once.number)],
    salt: once.number,
  }
  const signature = await signer.signTypedData(delegationTypedData(leaf, chainId))
  return [{ delegations: [{ ...leaf, signature }, ...delegations], execution }, ...others]
}
