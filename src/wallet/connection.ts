import { numberToHex, SwitchChainError, type Address } from 'viem'
import * as v from 'valibot'
import { hex } from '../dialects/wire/primitives.js'
import type { WalletEmitter } from './events.js'
import { parseParams, unauthorized } from './rpcErrors.js'
import type { WalletContext } from './walletContext.js'

export type Connection = {
  accounts(): Promise<Address[]>
  connect(): Promise<Address[]>
  disconnect(): void
  /** EIP-2255: the one permission there is, when connected. */
  permissions(): Promise<AccountsPermission[]>
  requestPermissions(params: unknown): Promise<AccountsPermission[]>
  switchChain(params: unknown): null
  /** @throws {UnauthorizedProviderError} 4100 */
  requireConnected(): void
}

type AccountsPermission = {
  invoker: string
  parentCapability: 'eth_accounts'
  caveats: { type: 'restrictReturnedAccounts'; value: Address[] }[]
}

/**
 * Whether the page has asked for the account. A wallet begins locked and says so with an empty `eth_accounts`: one that
 * answered before it was asked would be connected behind the app's back by wagmi's reconnect.
 */
export function createConnection(context: WalletContext, emitter: WalletEmitter): Connection {
  let connected = false
  const chainId = numberToHex(context.chain.id)

  async function account(): Promise<Address> {
    return (await context.owner()).address
  }

  async function connect(): Promise<Address[]> {
    const accounts = [await account()]
    if (!connected) {
      connected = true
      emitter.emit('connect', { chainId })
      emitter.emit('accountsChanged', accounts)
    }
    return accounts
  }

  async function permissions(): Promise<AccountsPermission[]> {
    if (!connected) return []
    return [
      {
        invoker: context.asker().origin,
        parentCapability: 'eth_accounts',
        caveats: [{ type: 'restrictReturnedAccounts', value: [await account()] }],
      },
    ]
  }

  return {
    accounts: async () => (connected ? [await account()] : []),
    connect,
    disconnect() {
      if (!connected) return
      connected = false
      emitter.emit('accountsChanged', [])
    },
    permissions,
    async requestPermissions(params) {
      parseParams(eip2255Request, params)
      await connect()
      return permissions()
    },
    switchChain(params) {
      const [{ chainId: wanted }] = parseParams(switchRequest, params)
      if (BigInt(wanted) === BigInt(chainId)) return null
      throw new SwitchChainError(new Error(`This wallet is on chain ${Number(chainId)} only.`))
    },
    requireConnected() {
      if (!connected) throw unauthorized('The wallet is not connected: call eth_requestAccounts first.')
    },
  }
}

const noOptions = v.strictObject({})
const eip2255Request = v.tuple([v.strictObject({ eth_accounts: noOptions })])
const switchRequest = v.tuple([v.strictObject({ chainId: v.pipe(hex, v.check((value) => value.length > 2 && value.length <= 66, 'not a chain id')) })])
