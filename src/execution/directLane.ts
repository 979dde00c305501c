import type { Address, Hash } from 'viem'
import { sendTransaction, waitForTransactionReceipt } from 'viem/actions'
import { framework } from '../delegation/framework.js'
import { encodeRedeemDelegations } from '../delegation/redeem.js'
import { RelayRequiredError } from './errors.js'
import { includedRevertError } from './includedRevert.js'
import type { Lane } from './lane.js'
import { createOneAtATime } from './oneAtATime.js'
import { requireRedeemer } from './redeemers.js'

/** The session key sends the transaction and pays its gas; it needs some of the native token for that. */
export function directLane(): Lane {
  /** A key's transactions are numbered, so it sends one at a time; they wait for their blocks side by side. */
  const turns = new Map<Address, ReturnType<typeof createOneAtATime>>()

  return {
    name: 'direct',
    async send({ client, signer, redemptions }) {
      if (signer.type === 'contract') throw new RelayRequiredError()
      requireRedeemer(redemptions, [signer.address])
      const turn = turns.get(signer.address) ?? createOneAtATime()
      turns.set(signer.address, turn)
      const data = encodeRedeemDelegations(redemptions)
      // The estimate inside sendTransaction runs the contracts, so a refusal surfaces before anything is sent.
      const transactionHash = await turn(
        (): Promise<Hash> =>
          sendTransaction(client, {
            account: signer,
            chain: client.chain,
            to: framework.DelegationManager,
            data,
          }),
      )
      const receipt = await waitForTransactionReceipt(client, { hash: transactionHash })
      if (receipt.status === 'reverted') throw await includedRevertError({ client, from: signer.address, data, receipt })
      return { id: transactionHash, transactionHash, receipt }
    },
  }
}
