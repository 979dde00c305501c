import { erc20Abi, type Address, type Client } from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import { randomSalt } from '../delegation/delegation.js'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Redemption } from '../delegation/redeem.js'
import type { DelegationRelayClient } from './delegationRelayClient.js'
import type { DelegationBundle } from './delegationRelayWire.js'
import { SessionAccountNotDeployedError } from './deploySessionAccount.js'
import { CallRefusedError, findRevertError } from './errors.js'
import { feeTransfer, type Fee } from './feeTransfer.js'
import { hasCode } from './hasCode.js'
import type { Lane, LaneRequest, LaneResult } from './lane.js'
import { isOneRedeemed, isRedeemed } from './leafRedemption.js'
import { refuseOnce } from './onceNotKept.js'
import { RelayRejectedError } from './relayErrors.js'
import {
  NetworkFeesNotAllowedError,
  RelayFeeTakenError,
  RelayFeeTooHighError,
  RelayFeeTooLowError,
  RelayFeeUnaffordableError,
  RelayQuoteExpiredError,
  RelayTaskRevertedError,
} from './relayFeeErrors.js'
import { findAnyway, settleRelayed } from './relayOutcome.js'
import { relayErrorCode } from './relayWire.js'
import { signOneOf, signRedemption, upgradeKey, type KnownUpgrades } from './signedCall.js'

export type PaidRelayLaneOptions = {
  /** The most that one send may cost, in the smallest unit of the fee's token. Left out: what the session's permission still allows. */
  max?: bigint | undefined
  /** How long the app's own node may be behind the relay's. @default 30_000 */
  receiptTimeoutMs?: number | undefined
}

/**
 * A relay redeems, and the user's account pays it in a token, out of a permission for network fees that the user consented to. The fee is
 * one more call of the session: a transfer to the relay's `feeCollector`.
 *
 * The calls and the fee are two leaves, since the relay has to see its fee. An honest relay redeems both in one transaction. One that is not
 * can take a fee and leave the calls (`RelayFeeTakenError`), never a part of the calls, and never two fees; nobody else can take either,
 * since both name the relay's `targetAddress`, which is read from the relay itself and cannot be configured.
 *
 * @see relayer_send7710Transaction
 */
export function paidRelayLane(relay: DelegationRelayClient, { max, receiptTimeoutMs = 30_000 }: PaidRelayLaneOptions = {}): Lane {
  const upgrades: KnownUpgrades = new Set()
  const deployed = new Set<string>()

  /** The leaf of a contract is only good where the contract is, and this relay deploys none. */
  async function requireAccount({ chainId, client, signer }: LaneRequest): Promise<void> {
    const key = upgradeKey(chainId, signer.address)
    if (signer.type !== 'contract' || deployed.has(key)) return
    if (!(await hasCode(client, signer.address))) throw new SessionAccountNotDeployedError({ address: signer.address })
    deployed.add(key)
  }

  async function send(request: LaneRequest): Promise<LaneResult> {
    const { chainId, client, signer } = request
    const [terms, blockNumber] = await Promise.all([relay.getTerms(chainId), request.blockNumber ?? getBlockNumber(client)])
    const { targetAddress: delegate, token, minFee } = terms
    const { redemption, authorizationList, leafHash, deadline } = await signRedemption(request, delegate, upgrades)
    // Whatever is quoted and however often: of all fees that are signed for these calls, one can be taken.
    const id = randomSalt()

    async function bundleWith(amount: bigint): Promise<DelegationBundle> {
      const fee = await signOneOf(request, delegate, { single: await coverFee(request, { ...terms, amount }), id })
      // The calls first: what they bring in, the fee may be paid of.
      return { chainId, redemptions: [redemption, fee], authorizationList }
    }

    async function attempt(): Promise<LaneResult> {
      // The least that it takes: more could be more than the permission still allows, where the price is not.
      const asked = await bundleWith(minFee)
      const quote = await relay.estimate(asked)
      if ('refused' in quote) throw await refusedEstimate(client, { delegate, bundle: asked, token, amount: minFee, reason: quote.refused })
      const { requiredAmount } = quote
      if (max !== undefined && requiredAmount > max) throw new RelayFeeTooHighError({ token, wanted: requiredAmount, max })
      const bundle = requiredAmount <= minFee ? asked : await bundleWith(requiredAmount)
      const sent = { client, blockNumber, call: { data: encodeRedeemDelegations(bundle.redemptions), leafHash, deadline, delegate } }
      const answer = await relay.send(bundle, quote).catch((error: Error) => error)
      return answer instanceof Error ? findAnyway(sent, answer) : settleRelayed(sent, answer, receiptTimeoutMs)
    }

    try {
      // A price moves. The calls' leaf stays the same one, so that they cannot be made twice.
      return await attempt().catch((error: unknown) => {
        if (error instanceof RelayQuoteExpiredError || error instanceof RelayFeeTooLowError) return attempt()
        throw error
      })
    } catch (error) {
      if (error instanceof NetworkFeesNotAllowedError) throw error
      const isTaken = (await isOneRedeemed(client, signer.address, id).catch(() => false)) && !(await isRedeemed(client, leafHash).catch(() => true))
      if (isTaken) throw new RelayFeeTakenError({ token, leafHash, deadline, cause: error as Error })
      throw error instanceof RelayTaskRevertedError ? (findRevertError(error) ?? error) : error
    }
  }

  return {
    name: 'relay',
    payer: 'account',
    async send(request) {
      const { chainId, signer } = request
      refuseOnce(request, { name: 'relay', payer: 'account' })
      await requireAccount(request)
      try {
        return await send(request)
      } catch (error) {
        upgrades.delete(upgradeKey(chainId, signer.address))
        // It may have moved: to whom it is delegated is asked anew.
        if (error instanceof RelayRejectedError) relay.forgetTerms(chainId)
        throw error
      }
    },
  }
}

/** @throws {NetworkFeesNotAllowedError} */
async function coverFee({ cover }: LaneRequest, { token, feeCollector, amount }: Fee): Promise<Redemption> {
  const fee = { token, feeCollector, amount }
  if (!cover) throw new NetworkFeesNotAllowedError({ ...fee, cause: undefined })
  return cover(feeTransfer(fee)).catch((error: unknown) => {
    throw error instanceof CallRefusedError ? new NetworkFeesNotAllowedError({ ...fee, cause: error }) : error
  })
}

type RefusedEstimate = { delegate: Address; bundle: DelegationBundle; token: Address; amount: bigint; reason: string }

/** The relay says in words why it would not; the app's own node says it in the contracts' own. */
async function refusedEstimate(client: Client, { delegate, bundle, token, amount, reason }: RefusedEstimate): Promise<Error> {
  const payer = bundle.redemptions.at(-1)?.delegations.at(-1)?.delegator
  const balance = payer && (await readContract(client, { address: token, abi: erc20Abi, functionName: 'balanceOf', args: [payer] }).catch(() => undefined))
  if (balance !== undefined && balance < amount) return new RelayFeeUnaffordableError({ reason })
  const refused = new RelayRejectedError({ code: relayErrorCode.simulationFailed, reason })
  // Without the upgrade that rides along, a node would see another account.
  if (bundle.authorizationList.length > 0) return refused
  const data = encodeRedeemDelegations(bundle.redemptions)
  return client.request({ method: 'eth_call', params: [{ from: delegate, to: framework.DelegationManager, data }, 'latest'] }).then(
    () => refused,
    (error: Error) => findRevertError(error) ?? refused,
  )
}
