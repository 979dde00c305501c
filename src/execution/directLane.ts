import type { Client } from 'viem'
import { createChainFees } from './chainFees.js'
import { RelayRequiredError } from './errors.js'
import { isIndependent } from './isIndependent.js'
import type { KeyLease } from './keyLease.js'
import { createKeyTransactions } from './keyTransactions.js'
import type { Lane } from './lane.js'
import { pinnedOnce } from './pinnedOnce.js'
import { requireRedeemer } from './redeemers.js'
import { createRedemptionGas, type KeyRedemption } from './redemptionGas.js'
import { createRedemptionQueue, type RedemptionQueue } from './redemptionQueue.js'

export type DirectLaneOptions = {
  /** How long nothing may happen before the chain is looked at for the reason; longer where blocks are slow. @default 5_000 */
  patienceMs?: number | undefined
  /** How long a send waits at most for the transaction that is on its way, to go together with others. Where blocks come faster it waits less. @default 500 */
  joinForMs?: number | undefined
  /** Who else uses the keys. Default: the other tabs of this origin (Web Locks). */
  lease?: ((name: string) => KeyLease) | undefined
}

const defaultPatienceMs = 5_000
const defaultJoinForMs = 500

/**
 * The session key sends the transaction and pays its gas; it needs some of the native token for that. What a transaction needs to know is
 * kept from one to the next, so that a call which our check has allowed is one request where the node can wait for the block. Sends of one
 * key in the same tick, or while one is on its way, are one transaction.
 */
export function directLane({ patienceMs = defaultPatienceMs, joinForMs = defaultJoinForMs, lease }: DirectLaneOptions = {}): Lane {
  const queuesByClient = new WeakMap<Client, (redemption: KeyRedemption) => RedemptionQueue>()

  function queuesOf(client: Client) {
    const known = queuesByClient.get(client)
    if (known) return known
    const fees = createChainFees(client)
    const sending = { client, fees, gas: createRedemptionGas(client), transactions: createKeyTransactions(client, { fees, patienceMs, lease }) }
    const fresh = perKey(() => createRedemptionQueue(sending, { joinForMs }))
    queuesByClient.set(client, fresh)
    return fresh
  }

  return {
    name: 'direct',
    payer: 'session-key',
    async send(request) {
      const { chainId, client, signer, redemptions, checked = false, join = false, onOutgoing } = request
      if (signer.type === 'contract') throw new RelayRequiredError()
      requireRedeemer(redemptions, [signer.address])
      const redemption = { chainId, signer, redemptions: await pinnedOnce(request), checked, onOutgoing }
      // What has to be simulated is simulated by itself, so it goes by itself; what somebody waits for before it goes out too.
      const joins = join && checked && !onOutgoing && redemptions.every(isIndependent)
      const { receipt, logs } = await queuesOf(client)(redemption).add(redemption, { joins })
      const { transactionHash } = receipt
      return { id: transactionHash, transactionHash, receipt, logs }
    },
  }
}

/** A key counts its transactions on each chain by itself. */
function perKey(create: () => RedemptionQueue): (redemption: KeyRedemption) => RedemptionQueue {
  const queues = new Map<string, RedemptionQueue>()
  return ({ chainId, signer }) => {
    const key = `${chainId}:${signer.address}`
    const queue = queues.get(key) ?? create()
    queues.set(key, queue)
    return queue
  }
}
