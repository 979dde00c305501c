import type { TransactionReceipt } from 'viem'
import { revokePermissions } from '../src/actions/revokePermissions.js'
import { directLane } from '../src/execution/directLane.js'
import { createRelayClient } from '../src/execution/relayClient.js'
import { relayLane } from '../src/execution/relayLane.js'
import { swordAbi } from '../demo/contracts/artifacts.js'
import { kitApp } from './actors.js'
import { counted, type Figure } from './figure.js'
import type { BenchShop } from './shop.js'

const batches = [10, 50]

/** What an action costs on the chain, once the counters of both sides are no longer zero. */
export async function gasFigures(shop: BenchShop): Promise<Figure[]> {
  const { chain, config, minting, mint, relay, transports, kit, ownerClient, sword, player } = shop
  const ours = kitApp(config, chain.chain, transports.ours.transport, directLane(), minting)
  const relayed = kitApp(config, chain.chain, transports.ours.transport, relayLane(createRelayClient({ url: relay.url })), minting)
  const gasOf = async (receipt: Promise<TransactionReceipt>) => Number((await receipt).gasUsed)
  const mints = (count: number) => Array.from({ length: count }, () => mint)
  const directly = async () => {
    const hash = await ownerClient.writeContract({ address: sword, abi: swordAbi, functionName: 'mint', args: [player] })
    return chain.client.waitForTransactionReceipt({ hash })
  }
  for (const act of [directly, () => ours.send(mints(1)), () => kit.mint()]) await act()

  const kitName = "@metamask/smart-accounts-kit's functionCall scope with limitedCalls and timestamp"
  const directName = 'the same call by the account itself'
  const single = await gasOf(ours.send(mints(1)))
  const direct = await gasOf(directly())
  const figures = [
    counted('gas.single', 'gas', single, { name: kitName, value: await gasOf(kit.mint()) }),
    counted('gas.single.direct', 'gas', single, { name: directName, value: direct }),
    counted('gas.single.relay', 'gas', await gasOf(relayed.send(mints(1))), { name: directName, value: direct }),
  ]
  for (const count of batches) {
    const batch = (await gasOf(ours.send(mints(count)))) / count
    figures.push(
      counted(`gas.batch${count}`, 'gas per call', batch, { name: kitName, value: (await gasOf(kit.mintTogether(count))) / count }),
      counted(`gas.batch${count}.direct`, 'gas per call', batch, { name: directName, value: direct }),
    )
  }

  // Granting is a signature; only ending is a transaction.
  const ending = { ...minting, name: 'to end' }
  await shop.grant(ending)
  const { revokedAt } = await revokePermissions(config, { session: ending })
  if (!revokedAt.transactionHash) throw new Error('The revocation names no transaction.')
  const revoked = await gasOf(chain.client.waitForTransactionReceipt({ hash: revokedAt.transactionHash }))
  return [...figures, counted('gas.grant', 'gas', 0), counted('gas.revoke', 'gas', revoked)]
}
