import type { Address, Client } from 'viem'
import { getTransactionCount } from 'viem/actions'
import { createKeyLease, type KeyLease } from './keyLease.js'
import { createOneAtATime } from './oneAtATime.js'

/** The numbers that one key's transactions carry on one chain. */
export type KeyNonces = {
  /**
   * Gives out the next number; the one after it is given out when `dispatch` has resolved. `alone` is false where another page uses the key
   * too: `dispatch` then resolves when the node has the transaction, for the other page asks the node which number is next.
   */
  next<sent>(dispatch: (nonce: number, alone: boolean) => Promise<sent>): Promise<sent>
  /** A transaction that another process of the key has sent carries it. */
  hold(nonce: number): void
  /** The number is used, by a transaction of ours or of somebody else. */
  used(nonce: number): void
  /** Nothing carries the number. False: later ones are on their way already, and wait until something does. */
  giveBack(nonce: number): boolean
  /** The chain has to be asked again. */
  doubt(): void
  /** The lowest that is on its way. */
  lowest(): number | undefined
}

/** After this long without a transaction the chain is asked again: it may have been reset, or the key used elsewhere. */
const countForMs = 15_000

export type CreateKeyNoncesParameters = {
  client: Client
  chainId: number
  address: Address
  /** Who else uses the key. */
  leaseOf?: ((name: string) => KeyLease) | undefined
}

/**
 * Counts by itself while it can: no other page uses the key, and the last transaction was not long ago. Otherwise, and whenever it is in
 * doubt, it asks the chain.
 */
export function createKeyNonces({ client, chainId, address, leaseOf = (name) => createKeyLease(name, countForMs) }: CreateKeyNoncesParameters): KeyNonces {
  const lease = leaseOf(`${chainId}:${address.toLowerCase()}`)
  const turn = createOneAtATime()
  const onTheWay = new Set<number>()
  let count: number | undefined
  let countedAtMs = 0

  async function ask(): Promise<number> {
    const pending = await getTransactionCount(client, { address, blockTag: 'pending' })
    // The node may not have seen yet what was sent a moment ago.
    return Math.max(pending, ...[...onTheWay].map((nonce) => nonce + 1))
  }

  async function giveOut<sent>(dispatch: (nonce: number, alone: boolean) => Promise<sent>, alone: boolean): Promise<sent> {
    const isKnown = alone && (onTheWay.size > 0 || Date.now() - countedAtMs <= countForMs)
    const nonce = isKnown && count !== undefined ? count : await ask()
    count = nonce + 1
    countedAtMs = Date.now()
    onTheWay.add(nonce)
    try {
      return await dispatch(nonce, alone)
    } catch (error) {
      onTheWay.delete(nonce)
      count = undefined
      throw error
    } finally {
      if (!alone) count = undefined
    }
  }

  return {
    next: (dispatch) => turn(async () => ((await lease.isAlone()) ? giveOut(dispatch, true) : lease.exclusively(() => giveOut(dispatch, false)))),
    hold(nonce) {
      onTheWay.add(nonce)
      count = undefined
    },
    used(nonce) {
      onTheWay.delete(nonce)
      countedAtMs = Date.now()
    },
    giveBack(nonce) {
      onTheWay.delete(nonce)
      count = undefined
      return ![...onTheWay].some((other) => other > nonce)
    },
    doubt() {
      count = undefined
    },
    lowest: () => (onTheWay.size > 0 ? Math.min(...onTheWay) : undefined),
  }
}
