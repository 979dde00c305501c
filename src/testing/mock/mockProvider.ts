import { keccak256, numberToHex, stringToHex } from 'viem'
import { createWalletEmitter } from '../../wallet/events.js'
import { createOutcomes, decisionOn } from './decision.js'
import type { MockDialect, MockMethods, MockProvider, MockWalletState, MockWorld } from './mockDialect.js'
import { rpcError, unauthorized } from './rpcError.js'

/** An EIP-1193 provider that speaks one dialect. What it has no method for is asked of the chain, or unknown. */
export function createMockProvider(dialect: MockDialect, { owner, chain, decision, context }: MockWorld): MockProvider {
  const emitter = createWalletEmitter()
  const outcome = createOutcomes(dialect.refusals)
  const wallet: MockWalletState = {
    owner,
    context,
    account: owner.address,
    chainId: chain.chain.id,
    connected: true,
    emit: emitter.emit,
    decide: async (call, asked) => outcome(await decisionOn(call, decision), asked),
  }
  const methods = new Map(Object.entries({ ...commonMethods(wallet), ...dialect.methods(wallet) }))
  const reads = chain.transport({ chain: chain.chain, retryCount: 0 })

  return {
    ...dialect.marks,
    on: emitter.on,
    removeListener: emitter.removeListener,
    async request({ method, params }) {
      if (wallet.busy) throw wallet.busy
      const handle = methods.get(method)
      if (handle) return copied(await handle(params))
      if (method.startsWith('wallet_')) throw dialect.unknownMethod(method)
      return reads.request({ method, params } as never)
    },
  }
}

/** Answers come over a wire: what the page does to them the wallet does not notice. */
function copied(answer: unknown): unknown {
  return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))
}

/** What every wallet answers. */
function commonMethods(wallet: MockWalletState): MockMethods {
  let sent = 0
  return {
    eth_accounts: () => (wallet.connected ? [wallet.account] : []),
    eth_requestAccounts: () => connect(wallet),
    eth_chainId: () => numberToHex(wallet.chainId),
    eth_sendTransaction(params) {
      if (!wallet.connected) throw unauthorized()
      const answer = () => keccak256(stringToHex(JSON.stringify([++sent, params])))
      return wallet.decide({ method: 'eth_sendTransaction', params }, { request: params, answer })
    },
    wallet_switchEthereumChain(params) {
      const [wanted] = (params ?? []) as { chainId?: unknown }[]
      if (Number(wanted?.chainId) === wallet.chainId) return null
      throw rpcError(4902, `Unrecognized chain ID "${String(wanted?.chainId)}".`)
    },
  }
}

/** Lets the page see the account. */
export function connect(wallet: MockWalletState): readonly string[] {
  if (!wallet.connected) {
    wallet.connected = true
    wallet.emit('connect', { chainId: numberToHex(wallet.chainId) })
    wallet.emit('accountsChanged', [wallet.account])
  }
  return [wallet.account]
}

/** Takes the account from the page. */
export function disconnect(wallet: MockWalletState): void {
  if (!wallet.connected) return
  wallet.connected = false
  wallet.emit('accountsChanged', [])
}
