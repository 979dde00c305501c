import { Eip1559FeesNotSupportedError, type Client, type TransactionReceipt } from 'viem'
import { estimateFeesPerGas } from 'viem/actions'

/** What a transaction offers per unit of gas, in wei. */
export type Fees =
  | { type: 'eip1559'; maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }
  | { type: 'legacy'; gasPrice: bigint }

export type ChainFees = {
  /** The fees as last read, if that was not long ago; else read. Enough for several full blocks. */
  current(): Promise<Fees>
  /** Read now, and no more than the next block needs: for a key that cannot cover more. */
  exact(): Promise<Fees>
  /** Takes the base fee from a receipt of ours, which costs nothing. */
  learn(receipt: TransactionReceipt): void
}

const maxAgeMs = 60_000

/** The base fee rises by an eighth a block at most (EIP-1559), so twice of it is five full blocks. What is not needed is not paid. */
const headroom = 2n

export function createChainFees(client: Client): ChainFees {
  let known: { fees: Promise<Fees>; readAtMs: number } | undefined

  function read(): Promise<Fees> {
    const fees = readFees(client)
    const mine = { fees: fees.then(withHeadroom), readAtMs: Date.now() }
    known = mine
    mine.fees.catch(() => {
      if (known === mine) known = undefined
    })
    return fees
  }

  return {
    current() {
      if (!known || Date.now() - known.readAtMs > maxAgeMs) read().catch(() => undefined)
      return (known as NonNullable<typeof known>).fees
    },
    exact: read,
    learn({ effectiveGasPrice, type }) {
      if (!known || type === 'legacy' || effectiveGasPrice === 0n) return
      const { readAtMs } = known
      const fees = known.fees.then((before): Fees => {
        if (before.type === 'legacy') return before
        const { maxPriorityFeePerGas } = before
        const baseFee = effectiveGasPrice > maxPriorityFeePerGas ? effectiveGasPrice - maxPriorityFeePerGas : effectiveGasPrice
        return { type: 'eip1559', maxFeePerGas: baseFee * headroom + maxPriorityFeePerGas, maxPriorityFeePerGas }
      })
      known = { fees, readAtMs }
    },
  }
}

async function readFees(client: Client): Promise<Fees> {
  try {
    return { type: 'eip1559', ...(await estimateFeesPerGas(client, { chain: client.chain })) }
  } catch (error) {
    if (!(error instanceof Eip1559FeesNotSupportedError)) throw error
    return { type: 'legacy', ...(await estimateFeesPerGas(client, { chain: client.chain, type: 'legacy' })) }
  }
}

/** A legacy gas price is paid in full, so it gets none. */
function withHeadroom(fees: Fees): Fees {
  return fees.type === 'legacy' ? fees : { ...fees, maxFeePerGas: fees.maxFeePerGas * headroom }
}

/** Enough for a node to let it take the place of one with the other fees: an eighth more, of everything. */
export function outbidding(fees: Fees, other: Fees): Fees {
  const more = (ours: bigint, theirs: bigint) => (ours > theirs + theirs / 8n ? ours : theirs + theirs / 8n + 1n)
  if (fees.type === 'legacy' || other.type === 'legacy') {
    return { type: 'legacy', gasPrice: more(fees.type === 'legacy' ? fees.gasPrice : fees.maxFeePerGas, other.type === 'legacy' ? other.gasPrice : other.maxFeePerGas) }
  }
  return {
    type: 'eip1559',
    maxFeePerGas: more(fees.maxFeePerGas, other.maxFeePerGas),
    maxPriorityFeePerGas: more(fees.maxPriorityFeePerGas, other.maxPriorityFeePerGas),
  }
}
