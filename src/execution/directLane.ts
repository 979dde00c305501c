import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations } from '../delegation/redeem.js'
import { SessionCallRevertedError } from './errors.js'
import type { Lane } from './lane.js'

/** The session key sends the transaction and pays its gas; it needs some of the native token for that. */
export const directLane: Lane = {
  name: 'direct',
  async send({ client, signer, redemptions }) {
    // The estimate inside sendTransaction runs the contracts, so a refusal surfaces before anything is sent.
    const transactionHash = await sendTransaction(client, {
      account: signer,
      chain: client.chain,
      to: framework.DelegationManager,
      data: encodeRedeemDelegations(redemptions),
    })
    const receipt = await waitForTransactionReceipt(client, { hash: transactionHash })
    if (receipt.status === 'reverted') throw new SessionCallRevertedError({})
    return { id: transactionHash, transactionHash, receipt }
  },
}
