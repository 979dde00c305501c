import { isAddressEqual, type Address } from 'viem'
import type { Dialect, Provider, WalletAbilities } from '../dialects/dialect.js'
import { detectWallet } from '../dialects/detectWallet.js'
import { dialects } from '../dialects/dialects.js'
import { UnsupportedWalletError, WalletAccountMismatchError, WalletChainMismatchError } from '../dialects/errors.js'
import { walletError } from '../dialects/walletErrors.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'

export type ConnectedWallet = {
  provider: Provider
  /** wagmi's name of the connector, for people. */
  name: string
  account: Address
  chainId: number
  dialect: Dialect
  abilities: WalletAbilities
}

/** The connected wallet and how it speaks. Prompts nobody. @throws {UnsupportedWalletError} */
export async function getConnectedWallet(config: SessionKeyConfig, parameters: { chainId?: number | undefined } = {}): Promise<ConnectedWallet> {
  const { account, connector, chainId: connected } = requireConnection(config)
  const chainId = parameters.chainId ?? connected
  const provider = (await connector.getProvider({ chainId })) as Provider
  const wallet = { provider, connectorId: connector.id, wallet: connector.name, account, chainId, dialect: config.dialect }
  return { provider, name: connector.name, account, chainId, ...(await detectWallet(wallet)) }
}

/** The dialect in which a stored session was granted. @throws {UnsupportedWalletError} the kit does not know it any more */
export function dialectById(config: SessionKeyConfig, id: string): Dialect {
  const own = typeof config.dialect === 'object' && config.dialect.id === id ? config.dialect : undefined
  const dialect = own ?? dialects.find((one) => one.id === id)
  if (!dialect) throw new UnsupportedWalletError({ wallet: 'The wallet', reason: `the kit knows no dialect "${id.slice(0, 60)}"` })
  return dialect
}

/**
 * For wallets whose requests do not say what they are for: makes sure that they are on that chain and account.
 * @throws {WalletChainMismatchError} {@link WalletAccountMismatchError}
 */
export async function requireOnChain({ provider, account, chainId }: Pick<ConnectedWallet, 'provider' | 'account' | 'chainId'>): Promise<void> {
  const [chain, accounts] = await Promise.all([question(provider, 'eth_chainId', chainId), question(provider, 'eth_accounts', chainId)])
  const walletChainId = Number(chain)
  if (walletChainId !== chainId) throw new WalletChainMismatchError({ chainId, walletChainId: Number.isSafeInteger(walletChainId) ? walletChainId : undefined })
  const [walletAccount] = Array.isArray(accounts) ? (accounts as unknown[]) : []
  if (typeof walletAccount !== 'string' || !/^0x[0-9a-f]{40}$/i.test(walletAccount) || !isAddressEqual(walletAccount as Address, account)) {
    throw new WalletAccountMismatchError({ account, walletAccount: typeof walletAccount === 'string' ? walletAccount.slice(0, 60) : undefined })
  }
}

async function question(provider: Provider, method: string, chainId: number): Promise<unknown> {
  try {
    return await provider.request({ method })
  } catch (error) {
    throw walletError(error, { method, chainId })
  }
}
