import { isAddressEqual, type Address } from 'viem'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { Dialect, Provider, WalletAbilities } from '../dialects/dialect.js'
import { detectWallet } from '../dialects/detectWallet.js'
import { dialects } from '../dialects/dialects.js'
import { UnsupportedWalletError, WalletAccountMismatchError, WalletChainMismatchError } from '../dialects/errors.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { walletError } from '../dialects/walletErrors.js'
import type { Session } from '../sessions/session.js'
import type { ActingConfig } from './actingConfig.js'
import { requireConnection, type Connection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { OtherWalletError } from './errors.js'

export type ConnectedWallet = {
  provider: Provider
  /** wagmi's name of the connector, for people. */
  name: string
  connectorId: string
  account: Address
  chainId: number
  dialect: Dialect
  abilities: WalletAbilities
}

/** The connected wallet and how it speaks. Prompts nobody. @throws {UnsupportedWalletError} */
export async function getConnectedWallet(
  config: SessionKeyConfig,
  parameters: { chainId?: number | undefined; connection?: Connection | undefined } = {},
): Promise<ConnectedWallet> {
  const { account, connector, chainId: connected } = parameters.connection ?? requireConnection(config)
  const chainId = parameters.chainId ?? connected
  const provider = (await connector.getProvider({ chainId })) as Provider
  const wallet = { provider, connectorId: connector.id, wallet: connector.name, account, chainId, dialect: config.dialect }
  return { provider, name: connector.name, connectorId: connector.id, account, chainId, ...(await detectWallet(wallet)) }
}

export type GrantingWallet = { provider: Provider; name: string; dialect: Dialect }

/**
 * The wallet that granted a session, connected, and on its account and chain where its requests do not name them. What is no delegation
 * is nobody else's business: another wallet that shows the same address could learn it, or have the session key sign something else.
 *
 * @throws {WalletAccountMismatchError} {@link OtherWalletError} {@link WalletChainMismatchError}
 */
export async function getGrantingWallet(config: SessionKeyConfig, session: Session): Promise<GrantingWallet> {
  const { account, connector } = requireConnection(config)
  if (!isAddressEqual(account, session.account)) throw new WalletAccountMismatchError({ account: session.account, walletAccount: account })
  const ours = session.granted.length > 0 && session.granted.every(isDelegated)
  const provider = (await connector.getProvider({ chainId: session.chainId })) as Provider
  const { connector: granted = connector.id, peer = peerOf(provider) } = session
  if (!ours && (granted !== connector.id || peer !== peerOf(provider))) throw new OtherWalletError({ id: session.id, granted, connected: connector.name })
  const dialect = dialectById(config, session.dialect)
  if (!dialect.namesChain) await requireOnChain({ provider, account, chainId: session.chainId })
  return { provider, name: connector.name, dialect }
}

/** WalletConnect's name of the connection. Any wallet may be behind that connector, and show any address. */
export function peerOf(provider: Provider): string | undefined {
  const { session } = provider as { session?: { topic?: unknown } | undefined }
  return typeof session?.topic === 'string' ? session.topic.slice(0, 200) : undefined
}

/** The dialect in which a stored session was granted. @throws {UnsupportedWalletError} the kit does not know it any more */
export function dialectById(config: Pick<ActingConfig, 'dialect'>, id: string): Dialect {
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
    return await sendToWallet(provider, { method })
  } catch (error) {
    throw walletError(error, { method, chainId })
  }
}
