import { size } from 'viem'
import { encodeContext } from '../delegation/context.js'
import { encodeExecution, type Redemption } from '../delegation/redeem.js'
import { redeemAlone, type KeySending, type Redeemed } from './redeemAlone.js'
import { joinedGas, redeemJoined, type JoinedSend } from './redeemJoined.js'
import type { KeyRedemption } from './redemptionGas.js'
import { createSendQueue, type Queued, type SendQueue } from './sendQueue.js'
import { transactionGasCap } from './transactionGasCap.js'

/** Nodes keep so many transactions of one account at least (geth's `accountslots`). */
const maxInFlight = 16
/** About twenty full transactions. Whoever makes more without waiting makes them faster than any chain takes them. */
const maxWaiting = 1_000
/** Nodes take no transaction above 128 KiB (geth's `txMaxSize`). */
const maxJoinedBytes = 110_000

/** The sends of one key on one chain. */
export type RedemptionQueue = SendQueue<KeyRedemption, Redeemed>

/** @param joinForMs how long a send waits at most for the transaction that is on its way */
export function createRedemptionQueue(sending: KeySending, { joinForMs }: { joinForMs: number }): RedemptionQueue {
  return createSendQueue<KeyRedemption, bigint, Redeemed>({
    joinForMs,
    maxInFlight,
    maxWaiting,
    async prepare(redemption) {
      const [gas] = await Promise.all([sending.gas.of(redemption), sending.fees.current()])
      return gas
    },
    countThatFits,
    async carry(batch) {
      const sends = batch.map(asSend)
      const [first, ...others] = sends
      if (first && others.length === 0) return { landed: redeemAlone(sending, first.redemption, first.gas).then(first.resolve, first.reject) }
      return { landed: redeemJoined(sending, sends, await joinedGas(sending, sends)) }
    },
  })
}

function asSend({ item, ready, resolve, reject }: Queued<KeyRedemption, bigint, Redeemed>): JoinedSend {
  return { redemption: item, gas: ready, resolve, reject }
}

/** By the gas that one transaction may have, and by what a node takes. */
function countThatFits(waiting: readonly { item: KeyRedemption; ready: bigint }[]): number {
  let gas = 0n
  let bytes = 0
  const end = waiting.findIndex(({ item, ready }) => {
    gas += ready
    bytes += item.redemptions.reduce((sum, redemption) => sum + bytesOf(redemption), 0)
    return gas > transactionGasCap || bytes > maxJoinedBytes
  })
  return end < 0 ? waiting.length : end
}

/** What one adds to `redeemDelegations`, with the words that say where its parts begin and end. */
function bytesOf({ delegations, execution }: Redemption): number {
  return size(encodeContext(delegations)) + size(encodeExecution(execution)) + 7 * 32
}
