import { BaseError, InsufficientFundsError, parseTransaction, type Hex, type RpcTransactionReceipt, type TransactionReceipt } from 'viem'
import { getTransactionReceipt } from 'viem/actions'
import { getNodeError } from 'viem/utils'
import type { ChainFees, Fees } from '../../execution/chainFees.js'
import type { KeyCall, KeyTransactions, SentBefore, Terms } from '../../execution/keyTransactions.js'
import { relayErrorCode, relayStatusCode } from '../../execution/relayWire.js'
import { encodeReceipt } from './encodeReceipt.js'
import type { TellRelayEvent } from './events.js'
import type { RelayJournal } from './journal.js'
import type { Charge, Use } from './quotas.js'
import type { RelayChainClient } from './relayChainClient.js'
import { RelayRpcError } from './relayRpcError.js'
import { readRevertData, type SimulatedCall, type Simulation } from './simulate.js'
import type { Slots } from './slots.js'
import type { Task } from './tasks.js'

export type SenderParameters = {
  client: RelayChainClient
  transactions: KeyTransactions
  fees: ChainFees
  simulate: Simulation
  slots: Slots
  journal: RelayJournal | undefined
  /** Told of what was paid, in wei. */
  paid: (wei: bigint) => void
  tell: TellRelayEvent
  onError: (error: unknown) => void
}

/** A task that was accepted. */
export type Sending = {
  id: Hex
  task: Task
  call: SimulatedCall
  shape: string | undefined
  terms: Terms
  charge: Charge
  /** A process before this one sent it. */
  before?: SentBefore | undefined
}

/** Takes accepted tasks to their outcome. Never rejects: the task tells. */
export type Sender = (sending: Sending) => Promise<void>

/** After so long in the line the state may be another. */
const simulatedForMs = 10_000

export function createSender({ client, transactions, fees, simulate, slots, journal, paid, tell, onError }: SenderParameters): Sender {
  async function send(sending: Sending): Promise<void> {
    const { id, task, call, shape, charge, before } = sending
    const outgoing = { hashes: before?.signed.map(({ hash }) => hash) ?? ([] as Hex[]), serialized: before?.signed.map(({ serialized }) => serialized) ?? ([] as Hex[]), nonce: before?.nonce }

    const simulated = async (offered: Fees): Promise<Terms> => ({ gas: await simulate(call, shape), fees: offered })
    const keyCall: KeyCall = {
      chainId: client.chain.id,
      signer: client.account,
      to: call.to,
      data: call.data,
      authorizationList: call.authorizationList,
      async onOutgoing(out) {
        if (out.by !== 'key') return
        const isFirst = outgoing.hashes.length === 0
        const isReplacement = !isFirst && outgoing.nonce === out.nonce
        if (!isFirst) await charge.raise(mostOf(out.serialized))
        outgoing.hashes.push(out.hash)
        outgoing.serialized.push(out.serialized)
        outgoing.nonce = out.nonce
        await journal?.write({ id, createdAt: task.createdAt, serialized: outgoing.serialized })
        task.update({ status: relayStatusCode.submitted, hash: out.hash })
        tell(isReplacement ? 'relay.transaction.replaced' : 'relay.transaction.sent', { 'task.id': id, 'transaction.hash': out.hash, 'transaction.nonce': out.nonce })
      },
    }

    try {
      const waitedSince = Date.now()
      await slots.enter()
      try {
        const isStale = !before && Date.now() - waitedSince > simulatedForMs
        const terms = isStale ? await simulated(await fees.current()) : sending.terms
        const { receipt } = await transactions.include(
          keyCall,
          terms,
          async (refusal) => {
            const exact = await fees.exact()
            // An account with little left may still cover what is needed, without what is kept in hand.
            return simulated(isBroke(refusal) ? exact : await fees.current())
          },
          { before, again: async () => simulated(await fees.current()) },
        )
        await settle(sending, receipt)
      } finally {
        slots.leave()
      }
    } catch (error) {
      // Another transaction took the number of one that is in a block after all: then the call does not pass a second time.
      const receipt = await findReceipt(client, outgoing.hashes)
      if (receipt) return settle(sending, receipt)
      const { message, data } = refusalOf(error)
      if (!(error instanceof RelayRpcError) || error.code === relayErrorCode.internal) onError(error)
      await charge.settle(undefined).catch(onError)
      tell('relay.transaction.rejected', { 'task.id': id, reason: message })
      task.update({ status: relayStatusCode.rejected, message, data })
    } finally {
      await journal?.erase(id).catch(onError)
    }
  }

  async function settle({ id, task, call, charge }: Sending, included: TransactionReceipt): Promise<void> {
    const receipt = encodeReceipt(included)
    const use = useOf(included)
    paid(use.wei)
    await charge.settle(use).catch(onError)
    tell('relay.transaction.included', {
      'task.id': id,
      'transaction.hash': included.transactionHash,
      'transaction.status': included.status,
      'gas.used': Number(use.gas),
      'cost.wei': use.wei.toString(),
    })
    task.update(included.status === 'success' ? { status: relayStatusCode.success, receipt } : await reverted(call, included, receipt))
  }

  async function reverted(call: SimulatedCall, { blockNumber }: TransactionReceipt, receipt: RpcTransactionReceipt) {
    const data = await readRevertData(client, call, blockNumber)
    return { status: relayStatusCode.reverted, data, message: 'The transaction was included and reverted.', receipt }
  }

  return (sending) => send(sending).catch(onError)
}

async function findReceipt(client: RelayChainClient, hashes: readonly Hex[]): Promise<TransactionReceipt | undefined> {
  for (const hash of hashes) {
    const receipt = await getTransactionReceipt(client, { hash }).catch(() => undefined)
    if (receipt) return receipt
  }
  return undefined
}

/** The most that a signed transaction can use. */
function mostOf(serialized: Hex): Use {
  const { gas = 0n, maxFeePerGas, gasPrice } = parseTransaction(serialized)
  return { gas, wei: gas * (maxFeePerGas ?? gasPrice ?? 0n) }
}

function useOf(receipt: TransactionReceipt): Use {
  const { l1Fee } = receipt as { l1Fee?: unknown }
  const execution = receipt.gasUsed * receipt.effectiveGasPrice
  // Rollups of the OP stack charge for data apart.
  return { gas: receipt.gasUsed, wei: typeof l1Fee === 'bigint' ? execution + l1Fee : execution }
}

/** In words for the caller, which say nothing of the node. */
function refusalOf(error: unknown): { message: string; data?: Hex | undefined } {
  if (error instanceof RelayRpcError) return { message: error.shortMessage, data: error.data }
  return { message: isBroke(error) ? "The relay's account cannot pay for the gas." : 'The node did not take the transaction.' }
}

function isBroke(error: unknown): boolean {
  return error instanceof BaseError && getNodeError(error, {}) instanceof InsufficientFundsError
}
