import type { Address, Hash } from 'viem'
import { sendTransaction } from 'viem/actions'
import { caveats } from '../delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt } from '../delegation/delegation.js'
import { encodeExecuteBatch } from '../delegation/executeBatch.js'
import { anyDelegate, framework, rootAuthority } from '../delegation/framework.js'
import { encodeRedeemDelegations, type Execution } from '../delegation/redeem.js'
import { deliver } from '../execution/deliver.js'
import { findRedemption } from '../execution/leafRedemption.js'
import type { RelayClient } from '../execution/relayClient.js'
import { RelayTimeoutError } from '../execution/relayErrors.js'
import { chainTime } from './chainTime.js'
import { ensureUpgraded, requireGas } from './upgrade.js'
import type { WalletContext } from './walletContext.js'

/** How long a sponsor may hold a signed call back. */
const deadlineSeconds = 5 * 60

/**
 * Makes calls from the account, by the owner's own authority: all of them, in order and in one transaction, or none.
 * A sponsor pays where there is one, else the account does.
 *
 * The calls are run against the latest block first; one that fails there is not sent.
 *
 * @returns the transaction's hash: with a sponsor after inclusion, else when it is sent
 * @throws {ForeignAccountCodeError} {@link CannotUpgradeAccountError} {@link NoGasError}
 */
export async function sendOwnerCalls(context: WalletContext, calls: readonly Execution[]): Promise<Hash> {
  const { address } = await context.owner()
  const asOne = oneExecution(address, calls)
  if (needsSmartAccount(context, calls)) await ensureUpgraded(context)
  await context.client.call({ account: address, to: asOne.to, value: asOne.value, data: asOne.data })
  return context.sponsor ? sendSponsored(context, context.sponsor, asOne) : sendSelfPaid(context, asOne)
}

/** A batch is the account's own code, a sponsored call a redemption; one call that the owner pays is a plain transaction. */
export function needsSmartAccount({ sponsor }: WalletContext, calls: readonly Execution[]): boolean {
  return sponsor !== undefined || calls.length > 1
}

/**
 * A batch as one call of the account to its own `execute`, which lets in the account itself: relays redeem single
 * calls only, and one pinned call cannot be taken apart.
 */
function oneExecution(account: Address, calls: readonly Execution[]): Execution {
  const [only] = calls
  if (only && calls.length === 1) return only
  return { to: account, value: 0n, data: encodeExecuteBatch(calls) }
}

/** The owner signs one delegation that allows exactly this call, once, soon; whoever redeems it can do nothing else. */
async function sendSponsored(context: WalletContext, sponsor: RelayClient, execution: Execution): Promise<Hash> {
  const { chain, client } = context
  const owner = await context.owner()
  const [{ targetAddress }, now, fromBlock] = await Promise.all([sponsor.getCapabilities(chain.id), chainTime(client), client.getBlockNumber()])
  const unsigned = {
    // A relay that names no address may send from any of its own.
    delegate: targetAddress ?? anyDelegate,
    delegator: owner.address,
    authority: rootAuthority,
    caveats: [caveats.exactExecution(execution), caveats.callLimit(1), caveats.time({ until: now + deadlineSeconds })],
    salt: randomSalt(),
  } as const
  const delegation = { ...unsigned, signature: await owner.signTypedData(delegationTypedData(unsigned, chain.id)) }
  const transaction = { chainId: chain.id, to: framework.DelegationManager, data: encodeRedeemDelegations([{ delegations: [delegation], execution }]) }
  try {
    return (await deliver(sponsor, transaction)).transactionHash
  } catch (error) {
    // It is on-chain, or may come to be: the hash tells the caller more than the error.
    if (error instanceof RelayTimeoutError && error.transactionHash) return error.transactionHash
    // An answer may be lost while the calls are not: who believes they failed makes them again.
    const redemption = await findRedemption(client, hashDelegation(delegation), fromBlock).catch(() => undefined)
    if (redemption) return redemption.transactionHash
    throw error
  }
}

function sendSelfPaid(context: WalletContext, { to, value, data }: Execution): Promise<Hash> {
  return context.ownerTurn(async () => {
    const owner = await context.owner()
    await requireGas(context, owner.address)
    return sendTransaction(context.client, { account: owner, chain: context.chain, to, value, data })
  })
}
