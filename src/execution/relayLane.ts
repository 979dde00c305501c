import type { Client } from 'viem'
import { getBlockNumber, waitForTransactionReceipt } from 'viem/actions'
import { anyDelegate } from '../delegation/framework.js'
import { createAccountDeployer } from './deploySessionAccount.js'
import { AlreadyRedeemedError, findRevertError, SessionExpiredError, SignedCallExpiredError } from './errors.js'
import { includedRevertError } from './includedRevert.js'
import type { Lane, LaneResult } from './lane.js'
import { findRedemption, isRedeemed, redeemsLeaf } from './leafRedemption.js'
import { deliver, type RelayWord } from './deliver.js'
import type { RelayClient } from './relayClient.js'
import {
  InvalidRelayConfigError,
  RelayInvalidResponseError,
  RelayOutcomeUnknownError,
  RelayRevertedError,
  RelayTimeoutError,
  RelayUnknownTransactionError,
  RelayUnreachableError,
} from './relayErrors.js'
import { isPastDeadline, signCall, upgradeKey, type KnownUpgrades, type SignedCall } from './signedCall.js'

/** How long the app's own node may be behind the relay's. */
const defaultReceiptTimeoutMs = 30_000

/**
 * When the relay's receipt is held against the chain. A receipt proves nothing to whoever has no block that they trust, so there is no
 * knowing without a read of the app's own node.
 */
export type RelayConfirmation =
  /** Before the result is handed out: one more request, and the result is the chain's. The default, for a result is what apps act on. */
  | { confirm?: 'before' | undefined; onUnconfirmed?: undefined }
  /**
   * After: the relay's receipt is the result at once, where it is a success that holds the call's own log. For relays that the app would
   * believe anyway. What the chain does not bear out is told to `onUnconfirmed`.
   */
  | { confirm: 'after'; onUnconfirmed: (error: Error) => void }

export type RelayLaneOptions = RelayConfirmation & { receiptTimeoutMs?: number | undefined }

/**
 * A relay (ERC-8249) redeems and pays; the session key holds no native token. The key signs one leaf that pins the
 * execution, once, with a deadline, so the relay can neither change nor repeat nor split what it was given.
 *
 * What became of it is the chain's to say, never the relay's: anyone may have redeemed the leaf, and a relay may err or lie.
 *
 * @throws {InvalidRelayConfigError} at once: `confirm: 'after'` and nobody to tell
 */
export function relayLane(relay: RelayClient, options: RelayLaneOptions = {}): Lane {
  const { receiptTimeoutMs = defaultReceiptTimeoutMs, onUnconfirmed } = options
  if (options.confirm === 'after' && !onUnconfirmed) {
    throw new InvalidRelayConfigError("confirm: 'after' needs onUnconfirmed, which is told when a relay's receipt turns out to be wrong.")
  }
  const deployAccount = createAccountDeployer(relay, { receiptTimeoutMs })
  const upgrades: KnownUpgrades = new Set()

  /** What the chain says of it: the receipt, or why there is none. */
  async function settle({ client, call, blockNumber }: Sent, answer: RelayWord): Promise<LaneResult> {
    return confirm(client, call, answer, receiptTimeoutMs).then(
      (confirmed) => ({ id: answer.id, ...confirmed }),
      (error: Error) => findAnyway({ client, call, blockNumber }, error),
    )
  }

  return {
    name: 'relay',
    async send(request) {
      const { chainId, client, signer } = request
      // A signature of a contract account can only be checked where the account is there.
      if (signer.type === 'contract') await deployAccount({ chainId, client, signer })
      const { targetAddress } = await relay.getCapabilities(chainId)
      const [call, blockNumber] = await Promise.all([
        // A relayer that names no address may send from any: the pinned, once-only, short-lived leaf is what keeps this safe.
        signCall(request, targetAddress ?? anyDelegate, upgrades),
        request.blockNumber ?? getBlockNumber(client),
      ])
      const sent = { client, call, blockNumber }
      await request.onOutgoing?.({ by: 'relay', leafHash: call.leafHash, deadline: call.deadline })
      try {
        const answer = await deliver(relay, call.transaction).catch((error: Error) => error)
        if (answer instanceof Error && !(answer instanceof RelayRevertedError)) return await findAnyway(sent, answer)
        if (onUnconfirmed && !(answer instanceof RelayRevertedError) && redeemsLeaf(answer.receipt, call.leafHash)) {
          void settle(sent, answer).catch(onUnconfirmed)
          return answer
        }
        return await settle(sent, answer)
      } catch (error) {
        upgrades.delete(upgradeKey(chainId, signer.address))
        throw error
      }
    },
  }
}

type Sent = { client: Client; call: SignedCall; blockNumber: bigint }

/** Whatever the relay said: the transaction that used the leaf, if one did. */
async function findAnyway({ client, call, blockNumber }: Sent, error: Error): Promise<LaneResult> {
  if (!(await isRedeemed(client, call.leafHash).catch(() => false))) throw await outcomeError(client, call, error)
  const receipt = await findRedemption(client, call.leafHash, blockNumber).catch(() => undefined)
  if (!receipt) throw new AlreadyRedeemedError({ leafHash: call.leafHash, cause: error })
  return { id: receipt.transactionHash, transactionHash: receipt.transactionHash, receipt }
}

/** The chain's receipt for the transaction that the relay named, when it is the one that used the leaf. */
async function confirm(client: Client, call: SignedCall, answer: RelayWord, timeout: number): Promise<Pick<LaneResult, 'transactionHash' | 'receipt'>> {
  const { transactionHash } = answer
  // The relay says that it is in a block: it waits for our node, not for a replacement.
  const receipt = await waitForTransactionReceipt(client, { hash: transactionHash, timeout, checkReplacement: false }).catch(() => undefined)
  if (!receipt) throw new RelayUnknownTransactionError({ ...call, transactionHash, problem: 'which the chain does not know' })
  if (receipt.status === 'reverted') {
    const told = answer instanceof RelayRevertedError ? findRevertError(answer) : undefined
    throw told ?? (await includedRevertError({ client, from: call.delegate, data: call.transaction.data, receipt }))
  }
  if (!redeemsLeaf(receipt, call.leafHash)) throw new RelayUnknownTransactionError({ ...call, transactionHash, problem: 'which does not hold this call' })
  return { transactionHash, receipt }
}

/** What to tell of a call that has not happened. */
async function outcomeError(client: Client, call: SignedCall, error: Error): Promise<Error> {
  if (error instanceof RelayUnreachableError || error instanceof RelayInvalidResponseError || error instanceof RelayTimeoutError) {
    return new RelayOutcomeUnknownError({ ...call, cause: error })
  }
  const refused = findRevertError(error)
  // The leaf's own deadline and the session's end are refused in the same words.
  if (refused instanceof SessionExpiredError && (await isPastDeadline(client, call))) {
    return new SignedCallExpiredError({
      message: 'The signed call was held back too long: it came to the chain after its deadline.',
      help: 'Send it again: the old one cannot happen any more.',
      revert: refused.revert,
      cause: error,
    })
  }
  return error
}
