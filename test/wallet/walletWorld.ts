import { encodeFunctionData, getAddress, http, parseEther, parseUnits, type Address, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { goldAbi, goldBytecode, swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import type { ConsentRequest, OnConsent } from '../../src/consent/consentRequest.js'
import { decodeContext } from '../../src/delegation/context.js'
import { framework } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Execution } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { createRelay } from '../../src/server/index.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { startLocalChain } from '../../src/testing/chain/startLocalChain.js'
import { createEmbeddedWallet, type CreateEmbeddedWalletParameters } from '../../src/wallet/index.js'

export const newAccount = () => privateKeyToAccount(generatePrivateKey())

/** A chain with a game on it, a relay with money, and players who have none. */
export async function startWorld() {
  const chain = await startLocalChain()
  const gold = getAddress(await chain.deploy({ abi: goldAbi, bytecode: goldBytecode }))
  const sword = getAddress(await chain.deploy({ abi: swordAbi, bytecode: swordBytecode }))
  const sponsor = newAccount()
  await chain.setBalance(sponsor.address, parseEther('1000'))
  const relay = await serveFetch(createRelay({ chain: chain.chain, transport: http(chain.rpcUrl), account: sponsor }))

  /** Pays for swords and for nothing else. */
  const stingySponsor = newAccount()
  await chain.setBalance(stingySponsor.address, parseEther('1000'))
  const stingyRelay = await serveFetch(
    createRelay({ chain: chain.chain, transport: http(chain.rpcUrl), account: stingySponsor, limits: { targets: [sword], maxNativeValueWei: 0n } }),
  )

  async function giveGold(to: Address, amount: string) {
    const [minter] = (await chain.client.request({ method: 'eth_accounts' } as never)) as Address[]
    const data = encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [to, parseUnits(amount, 18)] })
    const hash = await chain.client.sendTransaction({ account: minter as Address, to: gold, data })
    await chain.client.waitForTransactionReceipt({ hash })
  }

  /** A wallet whose user agrees, and what the user was asked. */
  function player(options: Partial<CreateEmbeddedWalletParameters> = {}) {
    const owner = newAccount()
    const questions: ConsentRequest[] = []
    const agree: OnConsent = async (request) => {
      questions.push(request)
      return { approved: true }
    }
    const wallet = createEmbeddedWallet({
      owner,
      chain: chain.chain,
      transport: http(chain.rpcUrl),
      sponsor: relay.url,
      onConsent: agree,
      origin: 'https://shop.example',
      ...options,
    })
    const request = <result = unknown>(method: string, params?: unknown) => wallet.request({ method, params }) as Promise<result>
    return { owner, account: owner.address, wallet, request, questions }
  }

  /** What the session key does with a context: redeems it in a transaction that it pays for. */
  async function redeem(session: ReturnType<typeof newAccount>, context: Hex, execution: Execution) {
    await chain.setBalance(session.address, parseEther('1'))
    const data = encodeRedeemDelegations([{ delegations: decodeContext(context), execution }])
    try {
      await chain.client.call({ account: session, to: framework.DelegationManager, data })
    } catch (error) {
      throw new Error(decodeRevertReason(findRevertData(error) ?? '0x')?.reason, { cause: error })
    }
    const hash = await chain.client.sendTransaction({ account: session, to: framework.DelegationManager, data })
    return chain.client.waitForTransactionReceipt({ hash })
  }

  const mint = (to: Address): Execution => ({
    to: sword,
    value: 0n,
    data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [to] }),
  })
  const pay = (to: Address, amount: string): Execution => ({
    to: gold,
    value: 0n,
    data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [to, parseUnits(amount, 18)] }),
  })
  const swords = (of: Address) => chain.client.readContract({ address: sword, abi: swordAbi, functionName: 'balanceOf', args: [of] })
  const goldOf = (of: Address) => chain.client.readContract({ address: gold, abi: goldAbi, functionName: 'balanceOf', args: [of] })
  const now = async () => Number((await chain.client.getBlock({ blockTag: 'pending' })).timestamp)

  return {
    chain,
    gold,
    sword,
    relay,
    stingyRelay,
    player,
    giveGold,
    redeem,
    mint,
    pay,
    swords,
    goldOf,
    now,
    async stop() {
      await relay.close()
      await stingyRelay.close()
      await chain.stop()
    },
  }
}
