import { createClient, createWalletClient, encodeFunctionData, publicActions, type Abi, type Address, type Chain, type Hex, type LocalAccount, type PublicClient, type TransactionReceipt, type Transport } from 'viem'
import { contracts, createDelegation, createExecution, ExecutionMode, getSmartAccountsEnvironment, signDelegation } from '@metamask/smart-accounts-kit'
import { erc7710WalletActions } from '@metamask/smart-accounts-kit/actions'
import { createCaveatBuilder, encodeDelegations, overrideDeployedEnvironment } from '@metamask/smart-accounts-kit/utils'
import { swordAbi } from '../demo/contracts/artifacts.js'
import { createUsageLedger } from '../src/actions/usageLedger.js'
import { sendSessionCalls } from '../src/actions/sendSessionCalls.js'
import type { SessionKeyConfig } from '../src/actions/createSessionKeyConfig.js'
import type { SessionDefinition } from '../src/permissions/defineSession.js'
import type { Lane } from '../src/execution/lane.js'

type Waiting = Pick<PublicClient, 'waitForTransactionReceipt'> & { request(question: { method: string }): Promise<unknown> }

/** anvil sometimes leaves a transaction waiting for the next one's block; that is not the peer's doing. */
async function included(client: unknown, hash: Hex): Promise<TransactionReceipt> {
  const { waitForTransactionReceipt, request } = client as Waiting
  return waitForTransactionReceipt({ hash, timeout: 10_000 }).catch(async (error: Error) => {
    if (error.name !== 'WaitForTransactionReceiptTimeoutError') throw error
    await request({ method: 'evm_mine' })
    return waitForTransactionReceipt({ hash })
  })
}

/** Somebody who mints. Resolves when it is in a block. */
export type Actor = { mint: () => Promise<TransactionReceipt> }

/** The kit, over a transport of its own. */
export function kitApp(config: SessionKeyConfig, chain: Chain, transport: Transport, lane: Lane, session: SessionDefinition) {
  const client = createClient({ chain, transport, pollingInterval: 20 })
  const wagmi = Object.create(config.wagmi, { getClient: { value: () => client } }) as SessionKeyConfig['wagmi']
  const app = { ...config, wagmi, lane, usage: createUsageLedger() }
  return { send: async (calls: readonly unknown[]) => (await sendSessionCalls(app, { session, calls: calls as never })).receipt }
}

const mintData = (to: Address) => encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [to] })

/** A plain account as viem sends for it when nothing is given. */
export function viemByDefault({ account, chain, transport, sword }: { account: LocalAccount; chain: Chain; transport: Transport; sword: Address }): Actor {
  const client = createWalletClient({ account, chain, transport, pollingInterval: 20 }).extend(publicActions)
  return {
    async mint() {
      const hash = await client.writeContract({ address: sword, abi: swordAbi as Abi, functionName: 'mint', args: [account.address] } as never)
      return included(client, hash)
    },
  }
}

/** A plain account at its best: everything is given, and the node answers with the receipt. */
export async function viemAtItsBest({ account, chain, transport, sword }: { account: LocalAccount; chain: Chain; transport: Transport; sword: Address }) {
  const client = createWalletClient({ account, chain, transport, pollingInterval: 20 }).extend(publicActions)
  const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas()
  let nonce = await client.getTransactionCount({ address: account.address })
  const terms = () => ({ to: sword, data: mintData(account.address), gas: 150_000n, maxFeePerGas: 3n * maxFeePerGas, maxPriorityFeePerGas, nonce: nonce++ })
  return {
    mint: () => client.sendTransactionSync({ ...terms(), account, chain }),
    /** Signed beforehand; what is left is the sending. */
    async presign(count: number) {
      const signed: Hex[] = []
      for (let index = 0; index < count; index += 1) {
        const { to, data, gas, ...fees } = terms()
        signed.push(await account.signTransaction({ to, data, gas, ...fees, chainId: chain.id, type: 'eip1559' }))
      }
      return signed
    },
    sendRaw: (serializedTransaction: Hex) => client.sendRawTransactionSync({ serializedTransaction }),
  }
}

export type Owner = { privateKey: Hex; account: Address }

/** MetaMask's Smart Accounts Kit with its own scope for the same policy: one function, so many calls, until then. */
export async function smartAccountsKit(parameters: {
  owner: Owner
  session: LocalAccount
  chain: Chain
  transport: Transport
  sword: Address
  callLimit: number
  expiry: number
  salt: Hex
}) {
  const { owner, session, chain, transport, sword, callLimit, expiry, salt } = parameters
  overrideDeployedEnvironment(chain.id, '1.3.0', getSmartAccountsEnvironment(1))
  const environment = getSmartAccountsEnvironment(chain.id)
  const caveats = createCaveatBuilder(environment)
    .addCaveat('limitedCalls', { limit: callLimit })
    .addCaveat('timestamp', { afterThreshold: 0, beforeThreshold: expiry })
    .build()
  const delegation = createDelegation({
    environment,
    from: owner.account,
    to: session.address,
    scope: { type: 'functionCall', targets: [sword], selectors: ['mint(address)'] },
    caveats,
    salt,
  } as never)
  const signature = await signDelegation({ privateKey: owner.privateKey, delegation, delegationManager: environment.DelegationManager as Hex, chainId: chain.id })
  const permissionContext = encodeDelegations([{ ...delegation, signature }])
  const client = createWalletClient({ account: session, chain, transport, pollingInterval: 20 }).extend(erc7710WalletActions()).extend(publicActions)
  return {
    /** So many in one transaction. */
    async mintTogether(count: number) {
      const one = { ...delegation, signature }
      const each = <item,>(item: item) => Array.from({ length: count }, () => item)
      const data = contracts.DelegationManager.encode.redeemDelegations({
        delegations: each([one]),
        modes: each(ExecutionMode.SingleDefault),
        executions: each([createExecution({ target: sword, callData: mintData(owner.account) })]),
      })
      const hash = await client.sendTransaction({ account: session, chain, to: environment.DelegationManager as Hex, data })
      return included(client, hash)
    },
    async mint() {
      const hash = await client.sendTransactionWithDelegation({
        account: session,
        chain,
        to: sword,
        data: mintData(owner.account),
        permissionContext,
        delegationManager: environment.DelegationManager as Hex,
      })
      return included(client, hash)
    },
  }
}
