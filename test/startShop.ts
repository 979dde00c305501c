import 'fake-indexeddb/auto'
import { createConfig, type Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import { encodeFunctionData, http, parseEther, parseUnits, type Abi, type Address, type EIP1193Parameters, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { goldAbi, goldBytecode, swordAbi, swordBytecode, testUsdAbi, testUsdBytecode } from '../demo/contracts/artifacts.js'
import { createSessionKeyConfig, type CreateSessionKeyConfigParameters, type SessionKeyConfig } from '../src/actions/createSessionKeyConfig.js'
import { grantPermissions, type GrantPermissionsParameters } from '../src/actions/grantPermissions.js'
import { sendSessionCalls } from '../src/actions/sendSessionCalls.js'
import type { ConsentDecision, ConsentRequest } from '../src/consent/consentRequest.js'
import { contractCall } from '../src/permissions/contractCall.js'
import { defineSession, type SessionDefinition } from '../src/permissions/defineSession.js'
import { expiresIn } from '../src/permissions/expiry.js'
import { erc20Allowance } from '../src/permissions/tokenPermissions.js'
import { createRelay } from '../src/server/index.js'
import { createIndexedDbStore } from '../src/sessions/indexedDbStore.js'
import { serveFetch } from '../src/testing/chain/serveFetch.js'
import { startLocalChain, type StartLocalChainParameters } from '../src/testing/chain/startLocalChain.js'
import { embeddedWallet } from '../src/wallet/index.js'

export const gold = (amount: number) => parseUnits(String(amount), 18)
export const newAccount = () => privateKeyToAccount(generatePrivateKey())

/** A game shop on a real chain: a relay that pays, a player with 2000 GOLD and no ETH, and an app connected to their wallet. */
export async function startShop(options: Partial<CreateSessionKeyConfigParameters> = {}, chainOptions: StartLocalChainParameters = {}) {
  const chain = await startLocalChain(chainOptions)
  const deploy = (abi: Abi, bytecode: Hex) => chain.deploy({ abi, bytecode })
  const addresses = { gold: await deploy(goldAbi, goldBytecode), sword: await deploy(swordAbi, swordBytecode), usd: await deploy(testUsdAbi, testUsdBytecode) }
  const shop = newAccount().address
  const sponsor = newAccount()
  await chain.setBalance(sponsor.address, parseEther('100'))
  const relay = await serveFetch(createRelay({ chain: chain.chain, transport: http(chain.rpcUrl), account: sponsor }))

  const ownerKey = generatePrivateKey()
  const owner = privateKeyToAccount(ownerKey)
  const player = owner.address
  const [minter] = (await chain.client.request({ method: 'eth_accounts' } as EIP1193Parameters as never)) as Address[]
  async function mintTokens(token: Address, to: Address, amount: bigint) {
    const data = encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [to, amount] })
    await chain.client.waitForTransactionReceipt({ hash: await chain.client.sendTransaction({ account: minter as Address, to: token, data }) })
  }
  await mintTokens(addresses.gold, player, gold(2000))
  await mintTokens(addresses.usd, player, parseUnits('500', 6))

  const questions: ConsentRequest[] = []
  let decision: ConsentDecision = { approved: true }
  const store = createIndexedDbStore({ name: `test-${crypto.randomUUID()}` })
  function openApp(other: Partial<CreateSessionKeyConfigParameters> = {}) {
    const wagmi = createConfig({
      chains: [chain.chain],
      transports: { [chain.chain.id]: http(chain.rpcUrl) },
      pollingInterval: 20,
      storage: null,
      multiInjectedProviderDiscovery: false,
      connectors: [
        embeddedWallet({
          owner,
          sponsor: relay.url,
          origin: 'https://shop.example',
          onConsent: async (request) => {
            questions.push(request)
            return decision
          },
        }),
      ],
    })
    return createSessionKeyConfig({ wagmi, relay: relay.url, store, ...options, ...other })
  }
  const config = openApp()
  await connect(config.wagmi, { connector: config.wagmi.connectors[0] as Connector })

  const shopping = defineSession({
    name: 'shopping',
    expiry: expiresIn({ days: 3 }),
    permissions: [
      contractCall({ address: addresses.sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
      erc20Allowance({ token: addresses.gold, limit: gold(1000) }),
    ],
  })
  const mint = { to: addresses.sword, abi: swordAbi, functionName: 'mint', args: [player] } as const
  const pay = (amount: bigint, to: Address = shop) => ({ to: addresses.gold, abi: goldAbi, functionName: 'transfer', args: [to, amount] }) as const
  const balance = (token: Address, of: Address) =>
    chain.client.readContract({ address: token, abi: goldAbi, functionName: 'balanceOf', args: [of] })

  return {
    chain,
    relay,
    sponsor,
    config,
    openApp,
    store,
    owner,
    ownerKey,
    player,
    shop,
    ...addresses,
    questions,
    decide: (next: ConsentDecision) => (decision = next),
    shopping,
    mint,
    pay,
    buy: () => [pay(gold(100)), mint],
    grantWith: (app: SessionKeyConfig, definition: GrantPermissionsParameters) => grantPermissions(app, definition),
    grant: (definition: SessionDefinition = shopping) => grantPermissions(config, definition),
    send: (calls: readonly unknown[], session: SessionDefinition = shopping) => sendSessionCalls(config, { session, calls: calls as never }),
    /** Past our own check, straight to the contracts. */
    force: (calls: readonly unknown[], session: SessionDefinition = shopping) =>
      sendSessionCalls(config, { session, calls: calls as never, skipCheck: true }),
    balance,
    mintGold: (to: Address, amount: bigint) => mintTokens(addresses.gold, to, amount),
    swords: () => balance(addresses.sword, player),
    async stop() {
      await relay.close()
      await chain.stop()
    },
  }
}
