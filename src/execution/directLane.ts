import type { Client } from 'viem'
import { RelayRequiredError } from './errors.js'
import { createKeyTransactions, type KeyTransactions } from './keyTransactions.js'
import type { Lane } from './lane.js'
import { requireRedeemer } from './redeemers.js'

export type DirectLaneOptions = {
  /** How long nothing may happen before the chain is looked at for the reason; longer where blocks are slow. @default 5_000 */
  patienceMs?: number | undefined
}

const defaultPatienceMs = 5_000

/**
 * The session key sends the transaction and pays its gas; it needs some of the native token for that. What a transaction needs to know is
 * kept from one to the next, so that a call which our check has allowed is one request where the node can wait for the block.
 */
export function directLane({ patienceMs = defaultPatienceMs }: DirectLaneOptions = {}): Lane {
  const clients = new WeakMap<Client, KeyTransactions>()

  function transactionsOf(client: Client): KeyTransactions {
    const known = clients.get(client)
    if (known) return known
    const fresh = createKeyTransactions(client, { patienceMs })
    clients.set(client, fresh)
    return fresh
  }

  return {
    name: 'direct',
    payer: 'session-key',
    async send({ chainId, client, signer, redemptions, checked = false }) {
      if (signer.type === 'contract') throw new RelayRequiredError()
      requireRedeemer(redemptions, [signer.address])
      const receipt = await transactionsOf(client).redeem({ chainId, signer, redemptions, checked })
      const { transactionHash } = receipt
      return { id: transactionHash, transactionHash, receipt }
    },
  }
}
