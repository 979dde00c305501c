import type { Address, Hex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { rootOf } from '../../src/delegation/context.js'
import { disableCall } from '../../src/delegation/disableCall.js'
import { isDelegated } from '../../src/delegation/grantedPermission.js'
import type { Session } from '../../src/sessions/session.js'
import type { LocalChain } from '../../src/testing/chain/startLocalChain.js'

/** The user's own transactions, with a tip that puts them first. Resolves before they are in a block. */
export async function sendRevocations(client: LocalChain['client'], owner: PrivateKeyAccount, { granted }: Session) {
  const first = await client.getTransactionCount({ address: owner.address })
  for (const [index, { context }] of granted.filter(isDelegated).entries()) {
    const { to, data }: { to: Address; data: Hex } = disableCall(rootOf(context))
    const terms = { to, data, nonce: first + index, gas: 300_000n, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 12n, chainId: client.chain.id }
    await client.sendRawTransaction({ serializedTransaction: await owner.signTransaction(terms) })
  }
}
