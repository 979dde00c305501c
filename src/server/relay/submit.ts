import { BaseError, keccak256, NonceTooHighError, NonceTooLowError, RpcRequestError, type Hex, type TransactionSerializable } from 'viem'
import { getTransaction, getTransactionCount, sendRawTransaction } from 'viem/actions'
import { getNodeError } from 'viem/utils'
import type { RelayChainClient } from './relayChainClient.js'
import type { SimulatedCall } from './simulate.js'

export type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint }

export type Submission = { hash: Hex; serialized: Hex; nonce: number }

export type Submitter = {
  /** Signs and sends, one at a time; the caller awaits the receipt and then says `settled`. */
  submit: (call: SimulatedCall & { gas: bigint }, fees: Fees) => Promise<Submission>
  settled: () => void
}

/** Counts the account's nonces while transactions are in flight, and asks the chain again whenever it cannot be sure. */
export function createSubmitter(client: RelayChainClient): Submitter {
  let nextNonce: number | undefined
  let inFlight = 0
  let last: Promise<unknown> = Promise.resolve()

  const pendingNonce = () => getTransactionCount(client, { address: client.account.address, blockTag: 'pending' })

  async function sign(call: SimulatedCall & { gas: bigint }, fees: Fees, nonce: number): Promise<Submission> {
    const { to, data, gas, authorizationList } = call
    const transaction = {
      chainId: client.chain.id,
      to,
      data,
      gas,
      nonce,
      ...fees,
      ...(authorizationList.length > 0 ? { type: 'eip7702' as const, authorizationList } : { type: 'eip1559' as const }),
    }
    const serialized = await client.account.signTransaction(
      transaction as TransactionSerializable,
      client.chain.serializers?.transaction ? { serializer: client.chain.serializers.transaction } : undefined,
    )
    return { hash: keccak256(serialized), serialized, nonce }
  }

  async function signAndSend(call: SimulatedCall & { gas: bigint }, fees: Fees, mayRetry: boolean): Promise<Submission> {
    const nonce = nextNonce ?? (await pendingNonce())
    const submission = await sign(call, fees, nonce)
    nextNonce = undefined
    try {
      await sendRawTransaction(client, { serializedTransaction: submission.serialized })
    } catch (error) {
      // A lost reply is not a lost transaction. Signing it anew could have it included twice.
      if (!(await mayBeSent(client, submission, error))) {
        if (mayRetry && isNonceError(error)) return signAndSend(call, fees, false)
        throw error
      }
      return submission
    }
    nextNonce = nonce + 1
    return submission
  }

  return {
    submit: (call, fees) => {
      const turn = last.then(async () => {
        const submission = await signAndSend(call, fees, true)
        inFlight += 1
        return submission
      })
      last = turn.catch(() => undefined)
      return turn
    },
    settled: () => {
      inFlight -= 1
      // With nothing in flight the chain knows better: it may have been reset, or another process uses the account.
      if (inFlight === 0) nextNonce = undefined
    },
  }
}

async function mayBeSent(client: RelayChainClient, { hash }: Submission, error: unknown): Promise<boolean> {
  const refused = error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null
  try {
    await getTransaction(client, { hash })
    return true
  } catch {
    return !refused
  }
}

function isNonceError(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  const reason = getNodeError(error, {})
  return reason instanceof NonceTooLowError || reason instanceof NonceTooHighError || /replacement transaction underpriced/i.test(error.details)
}
