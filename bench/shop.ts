import { createWalletClient, http, parseEther, toHex, type Hex, type LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { swordAbi } from '../demo/contracts/artifacts.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { defineSession } from '../src/permissions/defineSession.js'
import { expiresIn } from '../src/permissions/expiry.js'
import { createMemoryStore } from '../src/sessions/memoryStore.js'
import { startShop } from '../test/startShop.js'
import { smartAccountsKit, viemAtItsBest, viemByDefault } from './actors.js'
import { countedTransport } from './countedTransport.js'

/** More than all runs of the bench together make. */
const callLimit = 1_000_000

/** The shop of the demo, a player who has granted once to the kit and once to the peer, and both keys with gas of their own. */
export async function startBenchShop() {
  // Without the states of all blocks before, which make anvil slower with each of them.
  const shop = await startShop({ store: createMemoryStore() }, { args: ['--prune-history', '10'] })
  const { chain, sword, config } = shop
  const minting = defineSession({
    name: 'minting',
    expiry: expiresIn({ days: 3 }),
    permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit })],
  })
  const { session } = await shop.grant(minting)
  const key = (await config.sessions.signer(session)) as LocalAccount
  const others = { plain: account(), best: account(), kit: account() }
  for (const { address } of [key, shop.owner, ...Object.values(others)]) await chain.setBalance(address, parseEther('1000'))

  const transports = { ours: countedTransport(chain.rpcUrl), plain: countedTransport(chain.rpcUrl), best: countedTransport(chain.rpcUrl), kit: countedTransport(chain.rpcUrl) }
  const common = { chain: chain.chain, sword }
  const kit = await smartAccountsKit({
    ...common,
    owner: { privateKey: shop.ownerKey, account: shop.player },
    session: others.kit,
    transport: transports.kit.transport,
    callLimit,
    expiry: session.expiry,
    // As random as ours.
    salt: toHex(crypto.getRandomValues(new Uint8Array(32))),
  })
  return {
    ...shop,
    minting,
    key,
    transports,
    plain: viemByDefault({ ...common, account: others.plain, transport: transports.plain.transport }),
    best: await viemAtItsBest({ ...common, account: others.best, transport: transports.best.transport }),
    kit,
    /** The owner, without any session. */
    ownerClient: createWalletClient({ account: shop.owner, chain: chain.chain, transport: http(chain.rpcUrl) }),
  }
}

export type BenchShop = Awaited<ReturnType<typeof startBenchShop>>

function account() {
  return privateKeyToAccount(generatePrivateKey() as Hex)
}
