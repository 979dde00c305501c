import { keccak256, parseTransaction, type Client, type Hash, type LocalAccount, type TransactionReceipt } from 'viem'
import { getBlock, getTransactionReceipt, sendRawTransaction } from 'viem/actions'
import { awaitInclusion } from '../../execution/awaitInclusion.js'
import { createChainFees, outbidding } from '../../execution/chainFees.js'
import type { Outgoing } from '../../execution/lane.js'
import { findHappening, happenedIn, hasHappened } from '../../execution/onceOnly.js'
import type { StoredIntent } from './intent.js'

/** What became of an intent that something went out for. */
export type Settled =
  /** It has happened; where the transaction could not be found, only the chain's counter says so. */
  | { happened: true; receipt: TransactionReceipt | undefined }
  /** It has not. `reverted`: this transaction was included, and had no effect. */
  | { happened: false; reverted?: TransactionReceipt | undefined }

type KeyTransaction = Extract<Outgoing, { by: 'key' }>

export type SettleSentOptions = {
  signer: () => Promise<LocalAccount>
  /** Told of what goes out in a transaction's place, before anybody else hears of it. */
  onOutgoing: (outgoing: Outgoing) => Promise<void>
}

/**
 * Finds out, from the chain, what became of an intent. A transaction of the key that is still under way is sent again, byte by byte, and
 * waited for: another one beside it would cost gas for nothing. Where blocks have become dearer than it offers, it is signed anew, under the
 * same number.
 * @throws {TransactionOutcomeUnknownError} it is in no block in time, and may still get into one
 */
export async function settleSent(client: Client, intent: StoredIntent, options: SettleSentOptions): Promise<Settled> {
  const outgoing = intent.state.status === 'sent' ? intent.state.outgoing : []
  const happening = await lookFor(client, intent, outgoing)
  if (happening) return happening
  const transactions = outgoing.filter((one): one is KeyTransaction => one.by === 'key')
  const last = transactions.at(-1)
  // What a relay has is not waited for: whoever goes on sends it again, the same leaf or one that excludes it.
  if (!last) return { happened: false }
  const reverted = await firstReceipt(client, transactions)
  if (reverted) return { happened: false, reverted }

  const hashes = transactions.filter(({ nonce }) => nonce === last.nonce).map(({ hash }) => hash)
  const nudge = nudger(client, last, hashes, options)
  await nudge()
  const { signal } = new AbortController()
  const outcome = await awaitInclusion({ client, address: intent.key, nonce: last.nonce, hashes, nudge, lookEveryMs, isLost: true, signal })
  if (outcome === 'replaced' || outcome.status === 'reverted') {
    const meanwhile = await lookFor(client, intent, outgoing)
    return meanwhile ?? { happened: false, ...(outcome === 'replaced' ? {} : { reverted: outcome }) }
  }
  return { happened: true, receipt: outcome }
}

const lookEveryMs = 2_000

/** A signature is not part of what is signed. */
const unsigned = { r: undefined, s: undefined, v: undefined, yParity: undefined }

/** Sends it again, for the node may have lost it; or outbids it. Those that take its place are added to `hashes`. */
function nudger(client: Client, sent: KeyTransaction, hashes: Hash[], { signer, onOutgoing }: SettleSentOptions): () => Promise<void> {
  let { serialized } = sent
  return async () => {
    const transaction = { ...parseTransaction(serialized), ...unsigned }
    const { baseFeePerGas } = await getBlock(client, { includeTransactions: false })
    const { maxFeePerGas, maxPriorityFeePerGas = 0n } = transaction
    if (maxFeePerGas !== undefined && baseFeePerGas && baseFeePerGas > maxFeePerGas) {
      const fees = outbidding(await createChainFees(client).exact(), { type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas })
      serialized = await (await signer()).signTransaction({ ...transaction, ...fees } as never)
      const hash = keccak256(serialized)
      await onOutgoing({ by: 'key', hash, serialized, nonce: sent.nonce })
      hashes.push(hash)
    }
    await sendRawTransaction(client, { serializedTransaction: serialized }).catch(() => undefined)
  }
}

/** The chain's own word on whether it happened, and where. */
async function lookFor(client: Client, intent: StoredIntent, outgoing: readonly Outgoing[]): Promise<Settled | undefined> {
  if (!(await hasHappened(client, intent))) return undefined
  for (const one of outgoing) {
    const receipt = one.by === 'key' ? await receiptOf(client, one) : undefined
    if (receipt && happenedIn(receipt, intent)) return { happened: true, receipt }
  }
  const { key, number, fromBlock = 0n } = intent
  // Nodes that keep no old logs, or not so many blocks at once, still know that it happened.
  return { happened: true, receipt: await findHappening(client, { key, number, fromBlock }).catch(() => undefined) }
}

async function firstReceipt(client: Client, transactions: readonly KeyTransaction[]): Promise<TransactionReceipt | undefined> {
  for (const transaction of transactions) {
    const receipt = await receiptOf(client, transaction)
    if (receipt) return receipt
  }
  return undefined
}

function receiptOf(client: Client, { hash }: KeyTransaction): Promise<TransactionReceipt | undefined> {
  return getTransactionReceipt(client, { hash }).catch((error: Error) => {
    if (error.name !== 'TransactionReceiptNotFoundError') throw error
    return undefined
  })
}
