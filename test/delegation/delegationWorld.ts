import { encodeFunctionData, getAddress, http, createWalletClient, parseAbi, parseEther, type Address, type Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import { goldAbi, goldBytecode } from '../../demo/contracts/artifacts.js'
import { encodeContext } from '../../src/delegation/context.js'
import { delegationTypedData, randomSalt, type Caveat, type Delegation } from '../../src/delegation/delegation.js'
import { enforcers, framework, rootAuthority } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Execution } from '../../src/delegation/redeem.js'
import { decodeRevertReason, findRevertData } from '../../src/delegation/revertReason.js'
import { startLocalChain } from '../../src/testing/chain/startLocalChain.js'

export const newAccount = () => privateKeyToAccount(generatePrivateKey())

/** A chain with the framework and GOLD on it, players who are smart accounts, and session keys that pay for themselves. */
export async function startDelegationWorld() {
  const chain = await startLocalChain()
  const { client } = chain
  const minter = newAccount()
  await chain.setBalance(minter.address, parseEther('1000'))
  const gold = getAddress(await chain.deploy({ abi: goldAbi, bytecode: goldBytecode, from: minter.address }))

  const send = async (account: PrivateKeyAccount, to: Address, data: Hex, authorized?: PrivateKeyAccount) => {
    const wallet = createWalletClient({ account, chain: chain.chain, transport: http(chain.rpcUrl) })
    const authorizationList = authorized && [
      await authorized.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId: chain.chain.id, nonce: 0 }),
    ]
    // Enough for each of them: what an estimate says of one second may not do for the block of the next.
    return wallet.sendTransactionSync({ to, data, gas: 3_000_000n, throwOnReceiptRevert: false, ...(authorizationList ? { authorizationList } : {}) })
  }

  /** A user whose account runs MetaMask's code, with 1000 ETH and a million GOLD units. */
  async function newPlayer() {
    const owner = newAccount()
    await chain.setBalance(owner.address, parseEther('1000'))
    await send(minter, gold, encodeFunctionData({ abi: goldAbi, functionName: 'mint', args: [owner.address, 1_000_000n] }), owner)
    return owner
  }

  async function newSession() {
    const session = newAccount()
    await chain.setBalance(session.address, parseEther('10'))
    return session
  }

  async function sign(owner: PrivateKeyAccount, delegate: Address, caveats: readonly Caveat[]): Promise<Delegation> {
    const unsigned = { delegate, delegator: owner.address, authority: rootAuthority, caveats, salt: randomSalt() } as const
    return { ...unsigned, signature: await owner.signTypedData(delegationTypedData(unsigned, chain.chain.id)) }
  }

  const redemption = (delegation: Delegation, execution: Execution) => encodeRedeemDelegations([{ delegations: [delegation], execution }])

  return {
    chain,
    gold,
    newPlayer,
    newSession,
    sign,
    granted: (delegation: Delegation) => ({ context: encodeContext([delegation]), delegationManager: framework.DelegationManager }),
    transfer: (to: Address, amount: bigint): Execution => ({
      to: gold,
      value: 0n,
      data: encodeFunctionData({ abi: goldAbi, functionName: 'transfer', args: [to, amount] }),
    }),
    pay: (to: Address, value: bigint): Execution => ({ to, value, data: '0x' }),
    now: async () => Number((await client.getBlock()).timestamp),
    goldOf: (of: Address) => client.readContract({ address: gold, abi: goldAbi, functionName: 'balanceOf', args: [of] }),

    /** The contracts' own verdict on the state of one block: undefined where they agree, else why they refuse. */
    async verdict(session: PrivateKeyAccount, delegation: Delegation, execution: Execution, blockNumber?: bigint): Promise<string | undefined> {
      const at = blockNumber === undefined ? {} : { blockNumber }
      try {
        await client.call({ account: session, to: framework.DelegationManager, data: redemption(delegation, execution), ...at })
        return undefined
      } catch (error) {
        const found = decodeRevertReason(findRevertData(error) ?? '0x')
        return found ? `${found.contract}:${found.reason}` : String(error)
      }
    },
    redeem: (session: PrivateKeyAccount, delegation: Delegation, execution: Execution) =>
      send(session, framework.DelegationManager, redemption(delegation, execution)),

    /** How MetaMask ends everything at once. */
    incrementNonce: (owner: PrivateKeyAccount) =>
      send(owner, enforcers.NonceEnforcer, encodeFunctionData({ abi: nonceAbi, functionName: 'incrementNonce', args: [framework.DelegationManager] })),
    /** The account itself sends it; it does what its owner says. */
    disable: (owner: PrivateKeyAccount, delegation: Delegation) =>
      send(owner, framework.DelegationManager, encodeFunctionData({ abi: disableAbi, functionName: 'disableDelegation', args: [delegation] })),
    stop: () => chain.stop(),
  }
}

const nonceAbi = parseAbi(['function incrementNonce(address delegationManager)'])
const disableAbi = parseAbi([
  'struct Caveat { address enforcer; bytes terms; bytes args; }',
  'struct Delegation { address delegate; address delegator; bytes32 authority; Caveat[] caveats; uint256 salt; bytes signature; }',
  'function disableDelegation(Delegation delegation)',
])
