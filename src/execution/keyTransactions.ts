import {
  zeroAddress,
  type Address,
  type Client,
  type Hex,
  type LocalAccount,
  type SignedAuthorization,
  type TransactionReceipt,
  type TransactionSerializable,
} from 'viem'
import { getBlock, getTransactionCount, sendRawTransaction } from 'viem/actions'
import { getTransactionError } from 'viem/utils'
import { awaitInclusion, type AwaitInclusionParameters } from './awaitInclusion.js'
import { outbidding, type ChainFees, type Fees } from './chainFees.js'
import { TransactionOutcomeUnknownError } from './errors.js'
import { estimateCall } from './estimateCall.js'
import type { KeyLease } from './keyLease.js'
import { createKeyNonces, type KeyNonces } from './keyNonces.js'
import type { LaneRequest } from './lane.js'
import { createNodeSubmitter, signedTransaction, type Signed, type Submitted } from './nodeSubmitter.js'

/** A call that a key makes itself. */
export type KeyCall = {
  chainId: number
  signer: LocalAccount
  to: Address
  data: Hex
  authorizationList?: readonly SignedAuthorization[] | undefined
  onOutgoing?: LaneRequest['onOutgoing']
}

/** The most that its transaction may use, and what it offers for that. */
export type Terms = { gas: bigint; fees: Fees }

/** What another process of the same key sent of a call and did not see in a block: the transactions of one number, the last one last. */
export type SentBefore = { nonce: number; signed: readonly [Signed, ...Signed[]] }

export type IncludeOptions = {
  /** What to offer where another transaction took the number; what it throws keeps the call from going under the next one. Default: the same. */
  again?: (() => Promise<Terms>) | undefined
  /** Nothing is signed while this may still happen. */
  before?: SentBefore | undefined
}

/** The transactions of keys over one client. */
export type KeyTransactions = {
  /**
   * Until it is in a block, once, under whichever number; calls are numbered in the order in which they come here. A number serves one
   * transaction only, so what another one took the number of, or the node refuses, may be signed anew without a second one being made.
   * @param anew the terms to try where the node refuses those that were known
   * @returns the receipt of what may have reverted, and the gas it could use
   * @throws {TransactionOutcomeUnknownError} it may still happen; after any other error it cannot
   */
  include(call: KeyCall, terms: Terms, anew: (refusal: Error) => Promise<Terms>, options?: IncludeOptions): Promise<{ receipt: TransactionReceipt; gas: bigint }>
}

/** Signed with the next number of a key, and what the node will say of it. */
type OnItsWay = { nonce: number; fees: Fees; gas: bigint; signed: Signed; earlier?: readonly Signed[]; submitted: Promise<Submitted> }

/** When a transaction that offers enough for the base fee, and waits all the same, is outbid. */
export type Outbidding = {
  afterMs: number
  maxTimes: number
  /** The most that is offered per unit of gas, in wei. */
  maxFeePerGas?: bigint | undefined
  /** It waits, and no more will be offered for it. Told once. */
  onStuck(transaction: { nonce: number; hash: Hex }): void
}

/** Each of them is another transaction's turn; a key that so many others use at once is not a session's. */
const maxTurns = 50

export type KeyTransactionsParameters = {
  fees: ChainFees
  patienceMs: number
  /** Who else uses the keys. */
  lease?: ((name: string) => KeyLease) | undefined
  /** Left out: only what the base fee has overtaken is outbid, as often as that takes. */
  outbid?: Outbidding | undefined
  /** How what waits is looked at; see {@link AwaitInclusionParameters}. */
  waiting?: Pick<AwaitInclusionParameters, 'pause' | 'endless'> | undefined
}

export function createKeyTransactions(client: Client, { fees, patienceMs, lease, outbid, waiting = {} }: KeyTransactionsParameters): KeyTransactions {
  const submitter = createNodeSubmitter(client)
  const noncesByKey = new Map<string, KeyNonces>()

  function noncesOf({ chainId, signer: { address } }: KeyCall): KeyNonces {
    const key = `${chainId}:${address}`
    const known = noncesByKey.get(key)
    if (known) return known
    const fresh = createKeyNonces({ client, chainId, address, leaseOf: lease })
    noncesByKey.set(key, fresh)
    return fresh
  }

  async function include(call: KeyCall, terms: Terms, anew: (refusal: Error) => Promise<Terms>, { again, before }: IncludeOptions = {}) {
    const nonces = noncesOf(call)
    let left = before && takeOver(before, terms, nonces)
    let refused = false
    for (let turn = 1; ; turn += 1) {
      const own = left ?? (await nonces.next((nonce, alone) => dispatch(call, terms, nonce, alone)))
      left = undefined
      let outcome = await outcomeOf(call, own, nonces)
      if (outcome.status === 'refused' && outcome.reason === 'other' && !refused) {
        refused = true
        try {
          // With the same number: the node has nothing under it.
          terms = await anew(outcome.error)
          const { nonce } = own
          outcome = await outcomeOf(call, await dispatch(call, terms, nonce, true), nonces)
        } catch (error) {
          await leave(call, own.nonce, nonces)
          throw error
        }
      }
      if (outcome.status === 'included') {
        nonces.used(own.nonce)
        fees.learn(outcome.receipt)
        return { receipt: outcome.receipt, gas: terms.gas }
      }
      if (outcome.status === 'unknown') {
        nonces.used(own.nonce)
        nonces.doubt()
        throw outcome.error
      }
      if (outcome.reason === 'other' || turn === maxTurns) {
        await leave(call, own.nonce, nonces)
        throw getTransactionError(outcome.error as never, { account: call.signer, to: call.to, data: call.data } as never)
      }
      nonces.used(own.nonce)
      nonces.doubt()
      if (again) terms = await again()
    }
  }

  /** As if it had been sent just now, and the answer been lost. */
  function takeOver({ nonce, signed }: SentBefore, terms: Terms, nonces: KeyNonces): OnItsWay {
    nonces.hold(nonce)
    return { ...terms, nonce, signed: signed.at(-1) ?? signed[0], earlier: signed.slice(0, -1), submitted: Promise.resolve({ status: 'sent', lost: true }) }
  }

  /** Signs, and begins to send. Where the key is this page's alone, the next number may be given out at once. */
  async function dispatch(call: KeyCall, terms: Terms, nonce: number, alone: boolean): Promise<OnItsWay> {
    const signed = await sign(call, terms, nonce)
    const submitted = alone ? submitter.submitAndWait(signed) : submitter.submit(signed)
    if (!alone) await submitted
    return { ...terms, nonce, signed, submitted }
  }

  async function sign({ chainId, signer, to, data, authorizationList = [], onOutgoing }: KeyCall, { gas, fees: offered }: Terms, nonce: number): Promise<Signed> {
    const upgrade = authorizationList.length > 0 ? { type: 'eip7702', authorizationList } : {}
    const transaction = { chainId, to, data, gas, nonce, ...offered, ...upgrade } as TransactionSerializable
    const serializer = client.chain?.serializers?.transaction
    const signed = signedTransaction(await signer.signTransaction(transaction, serializer ? { serializer } : undefined))
    if (onOutgoing) await onOutgoing({ by: 'key', hash: signed.hash, serialized: signed.serialized, nonce })
    return signed
  }

  type Outcome = Exclude<Submitted, { status: 'sent' }> | { status: 'unknown'; error: Error }

  /** The node's answer; where that takes long, or the node does not wait, what the chain shows. */
  async function outcomeOf(call: KeyCall, own: OnItsWay, nonces: KeyNonces): Promise<Outcome> {
    const stop = new AbortController()
    const slow = Math.max(patienceMs, 4 * client.pollingInterval)
    let timer: ReturnType<typeof setTimeout> | undefined
    const early = await Promise.race([own.submitted, new Promise<'slow'>((resolve) => (timer = setTimeout(() => resolve('slow'), slow)))])
    clearTimeout(timer)
    if (early !== 'slow' && early.status !== 'sent') return early

    const hashes = [own.signed, ...(own.earlier ?? [])].map(({ hash }) => hash)
    const watched = awaitInclusion({
      client,
      address: call.signer.address,
      nonce: own.nonce,
      hashes,
      nudge: nudger(call, own, hashes, nonces),
      lookEveryMs: patienceMs,
      isLost: early !== 'slow' && early.lost === true,
      signal: stop.signal,
      ...waiting,
    }).then(
      (receipt): Outcome => (receipt === 'replaced' ? { status: 'refused', reason: 'nonce', error: new TransactionOutcomeUnknownError({ transactionHash: own.signed.hash }) } : { status: 'included', receipt }),
      (error: Error): Outcome => ({ status: 'unknown', error }),
    )
    // A late answer of the node may be the first to know; one that is no receipt says no more than what is being watched.
    const late = own.submitted.then((answer) => (answer.status === 'included' ? answer : watched))
    const outcome = await Promise.race([watched, late])
    stop.abort()
    return outcome
  }

  /** Sends again what the node may have lost, outbids what has become too cheap or waits too long, and fills numbers that nobody will use. */
  function nudger(call: KeyCall, own: OnItsWay, hashes: Hex[], nonces: KeyNonces): () => Promise<void> {
    let offered = own.fees
    let serialized = own.signed.serialized
    let offeredAtMs = Date.now()
    let times = 0
    let isStuck = false

    async function offerMore(): Promise<void> {
      await fees.exact()
      const next = outbidding(await fees.current(), offered)
      const isTooMuch = outbid !== undefined && (times >= outbid.maxTimes || perGas(next) > (outbid.maxFeePerGas ?? perGas(next)))
      if (isTooMuch) {
        if (!isStuck) outbid.onStuck({ nonce: own.nonce, hash: hashes.at(-1) ?? own.signed.hash })
        isStuck = true
        return resend()
      }
      const signed = await sign(call, { gas: own.gas, fees: next }, own.nonce)
      hashes.push(signed.hash)
      times += 1
      offeredAtMs = Date.now()
      const answer = await submitter.submit(signed)
      if (answer.status === 'sent') serialized = signed.serialized
      // Where the node wants still more, the next offer goes beyond this one.
      if (answer.status === 'sent' || (answer.status === 'refused' && answer.reason === 'nonce')) offered = next
    }

    async function resend(): Promise<void> {
      await sendRawTransaction(client, { serializedTransaction: serialized }).catch(() => undefined)
      if (nonces.lowest() !== own.nonce) return
      const next = await getTransactionCount(client, { address: call.signer.address, blockTag: 'pending' })
      for (let nonce = next; nonce < own.nonce && nonce < next + maxFilled; nonce += 1) await fill(call, nonce)
    }

    return async () => {
      const { baseFeePerGas } = await getBlock(client)
      const isOvertaken = offered.type === 'eip1559' && baseFeePerGas && baseFeePerGas > offered.maxFeePerGas
      // The others wait for the lowest, whatever they offer.
      const waitsLong = outbid && nonces.lowest() === own.nonce && Date.now() - offeredAtMs >= outbid.afterMs
      await (isOvertaken || waitsLong ? offerMore() : resend())
    }
  }

  /** The number is free again; where later ones wait for it, it is used up by a transaction that does nothing. */
  async function leave(call: KeyCall, nonce: number, nonces: KeyNonces): Promise<void> {
    if (!nonces.giveBack(nonce)) await fill(call, nonce).catch(() => undefined)
  }

  async function fill({ chainId, signer }: KeyCall, nonce: number): Promise<void> {
    const nothing = { chainId, signer, to: zeroAddress, data: '0x' } as const
    const gas = await estimateCall(client, { from: signer.address, to: zeroAddress }).catch(() => transferGas)
    await submitter.submit(await sign(nothing, { gas, fees: await fees.current() }, nonce))
  }

  return { include }
}

function perGas(offered: Fees): bigint {
  return offered.type === 'legacy' ? offered.gasPrice : offered.maxFeePerGas
}

/** A chain that has lost more than so many transactions of a key is another chain. */
const maxFilled = 8

const transferGas = 21_000n
