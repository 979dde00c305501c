import { getBlockNumber } from 'viem/actions'
import { anyDelegate } from '../delegation/framework.js'
import { createAccountDeployer } from './deploySessionAccount.js'
import type { Lane } from './lane.js'
import { redeemsLeaf } from './leafRedemption.js'
import { deliver } from './deliver.js'
import type { RelayClient } from './relayClient.js'
import { InvalidRelayConfigError, RelayRevertedError } from './relayErrors.js'
import { findAnyway, settleRelayed } from './relayOutcome.js'
import { signCall, upgradeKey, type KnownUpgrades } from './signedCall.js'

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

  return {
    name: 'relay',
    payer: 'relay',
    async send(request) {
      const { chainId, client, signer } = request
      // A signature of a contract account can only be checked where the account is there.
      if (signer.type === 'contract') await deployAccount({ chainId, client, signer })
      const { targetAddress } = await relay.getCapabilities(chainId)
      const [{ transaction, ...call }, blockNumber] = await Promise.all([
        // A relayer that names no address may send from any: the pinned, once-only, short-lived leaf is what keeps this safe.
        signCall(request, targetAddress ?? anyDelegate, upgrades),
        request.blockNumber ?? getBlockNumber(client),
      ])
      const sent = { client, call, blockNumber }
      await request.onOutgoing?.({ by: 'relay', leafHash: call.leafHash, deadline: call.deadline })
      try {
        const answer = await deliver(relay, transaction).catch((error: Error) => error)
        if (answer instanceof Error && !(answer instanceof RelayRevertedError)) return await findAnyway(sent, answer)
        if (onUnconfirmed && !(answer instanceof RelayRevertedError) && redeemsLeaf(answer.receipt, call.leafHash)) {
          void settleRelayed(sent, answer, receiptTimeoutMs).catch(onUnconfirmed)
          return answer
        }
        return await settleRelayed(sent, answer, receiptTimeoutMs)
      } catch (error) {
        upgrades.delete(upgradeKey(chainId, signer.address))
        throw error
      }
    },
  }
}
