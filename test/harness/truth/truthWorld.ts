import { createWalletClient, encodeFunctionData, getAddress, http, parseEther, type Address, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { goldAbi, goldBytecode, swordAbi, swordBytecode, testUsdAbi, testUsdBytecode } from '../../../demo/contracts/artifacts.js'
import { delegationTypedData, type Caveat, type Delegation } from '../../../src/delegation/delegation.js'
import { framework, rootAuthority } from '../../../src/delegation/framework.js'
import type { UnixSeconds } from '../../../src/permissions/permission.js'
import { localChainClient, type LocalChainClient } from '../../../src/testing/chain/localChainClient.js'
import { startLocalChain } from '../../../src/testing/chain/startLocalChain.js'

/** The contracts that sessions are about, and the people in it. */
export type Places = { gold: Address; usd: Address; sword: Address; box: Address; friend: Address; stranger: Address }

export type TruthWorld = Places & {
  client: LocalChainClient
  account: Address
  key: Address
  /** Forgets everything that came after the world was made: its state, its blocks, its time. */
  reset(): Promise<void>
  /** An empty block at a moment later than the last. */
  mineAt(moment: UnixSeconds): Promise<void>
  /** A transaction in a block at that moment; it may revert. */
  transactAt(moment: UnixSeconds, from: Address, to: Address, data: Hex): Promise<'success' | 'reverted'>
  sign(caveats: readonly Caveat[], salt: bigint): Promise<Delegation>
  stop(): Promise<void>
}

/** Before the clock of any device that runs this; what is to come is after it. */
export const worldBegins: UnixSeconds = 1_500_000_000

/** Fixed keys and a fixed beginning, so that the same seed meets the same world. */
const owner = privateKeyToAccount(`0x${'a1'.repeat(32)}`)
const session = privateKeyToAccount(`0x${'b2'.repeat(32)}`)
const minter = privateKeyToAccount(`0x${'c3'.repeat(32)}`)

/** Code that accepts every call: what a contract does with a call is none of a permission's business. */
const acceptsAll: Hex = '0x00'
const box: Address = '0x00000000000000000000000000000000000b0c5e'

/** The account owns more than any amount but the absurd ones. */
const riches = 2n ** 200n

export async function startTruthWorld(): Promise<TruthWorld> {
  const chain = await startLocalChain({ args: ['--timestamp', String(worldBegins), '--prune-history'] })
  const client = localChainClient(chain.chain, { batch: true })
  for (const address of [owner.address, session.address, minter.address]) await chain.setBalance(address, parseEther('1000'))
  const [gold, usd, sword] = [
    getAddress(await chain.deploy({ abi: goldAbi, bytecode: goldBytecode, from: minter.address })),
    getAddress(await chain.deploy({ abi: testUsdAbi, bytecode: testUsdBytecode, from: minter.address })),
    getAddress(await chain.deploy({ abi: swordAbi, bytecode: swordBytecode, from: minter.address })),
  ]
  await client.setCode({ address: box, bytecode: acceptsAll })

  const wallet = createWalletClient({ account: minter, chain: chain.chain, transport: http(chain.rpcUrl) })
  const upgrade = await owner.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId: chain.chain.id, nonce: 0 })
  const send = async (to: Address, data: Hex, more: object = {}) => {
    const { status } = await client.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to, data, ...more }) })
    if (status !== 'success') throw new Error(`The world could not be made: a call of ${to} failed.`)
  }
  await send(gold, encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [owner.address, riches] }), { authorizationList: [upgrade] })
  await send(usd, encodeFunctionData({ abi: testUsdAbi, functionName: 'mint', args: [owner.address, riches] }))
  for (let id = 1; id <= 3; id += 1) await send(sword, encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [owner.address] }))
  await chain.setBalance(owner.address, riches)
  for (const address of [owner.address, session.address]) await client.impersonateAccount({ address })
  let beginning = await client.snapshot()

  const setNext = (timestamp: UnixSeconds) => client.setNextBlockTimestamp({ timestamp: BigInt(timestamp) })
  return {
    client,
    account: owner.address,
    key: session.address,
    gold,
    usd,
    sword,
    box,
    friend: '0x00000000000000000000000000000000000f51ed',
    stranger: '0x0000000000000000000000000000000000057a60',
    async reset() {
      await client.revert({ id: beginning })
      beginning = await client.snapshot()
    },
    async mineAt(moment) {
      await setNext(moment)
      await client.mine({ blocks: 1 })
    },
    async transactAt(moment, from, to, data) {
      await setNext(moment)
      const hash = await client.sendTransaction({ account: from, chain: null, to, data, gas: 5_000_000n })
      // No block comes after its own, so it is asked for until it is there.
      for (;;) {
        const receipt = await client.request({ method: 'eth_getTransactionReceipt', params: [hash] })
        if (receipt) return receipt.status === '0x1' ? 'success' : 'reverted'
      }
    },
    async sign(caveats, salt) {
      const unsigned = { delegate: session.address, delegator: owner.address, authority: rootAuthority, caveats, salt } as const
      return { ...unsigned, signature: await owner.signTypedData(delegationTypedData(unsigned, chain.chain.id)) }
    },
    stop: () => chain.stop(),
  }
}
