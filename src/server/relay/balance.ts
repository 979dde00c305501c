import { getBalance } from 'viem/actions'
import type { TellRelayEvent } from './events.js'
import type { RelayChainClient } from './relayChainClient.js'

/** When there is too little on the relay's account, and who is told. */
export type LowBalance = { belowWei: bigint; warn: (balanceWei: bigint) => void }

/** What the relay's account has, by the last look and what was paid since. */
export type RelayBalance = {
  paid(wei: bigint): void
  /** Looked at again where that was a while ago. */
  read(): Promise<bigint>
  isLow(): boolean
}

const freshForMs = 5_000
/** What was paid is known from receipts; what came in is not. */
const lookEveryMs = 60_000

export type RelayBalanceParameters = { client: RelayChainClient; low: LowBalance | undefined; tell: TellRelayEvent; onError: (error: unknown) => void }

export function createRelayBalance({ client, low, tell, onError }: RelayBalanceParameters): RelayBalance {
  let known: { wei: bigint; readAtMs: number } | undefined
  let reading: Promise<bigint> | undefined
  let warned = false

  function judge(wei: bigint): void {
    const isLow = low !== undefined && wei < low.belowWei
    if (isLow && !warned) {
      tell('relay.balance.low', { 'balance.wei': wei.toString(), 'balance.min.wei': low.belowWei.toString() })
      try {
        low.warn(wei)
      } catch (error) {
        onError(error)
      }
    }
    // Filled up and low once more is worth telling again.
    warned = isLow
  }

  function look(): Promise<bigint> {
    reading ??= getBalance(client, { address: client.account.address })
      .then((wei) => {
        known = { wei, readAtMs: Date.now() }
        judge(wei)
        return wei
      })
      .finally(() => (reading = undefined))
    return reading
  }

  return {
    paid(wei) {
      if (known) known.wei -= wei
      if (known) judge(known.wei)
      if (low && (!known || Date.now() - known.readAtMs > lookEveryMs)) look().catch(onError)
    },
    async read() {
      return known && Date.now() - known.readAtMs <= freshForMs ? known.wei : look()
    },
    isLow: () => low !== undefined && known !== undefined && known.wei < low.belowWei,
  }
}
