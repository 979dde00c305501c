import { UserRejectedRequestError } from 'viem'
import { agreedTerms } from '../consent/agreedTerms.js'
import type { ConsentTerms, PermissionConsentRequest } from '../consent/consentRequest.js'
import { readContractMetadata } from '../delegation/contractMetadata.js'
import { namedContracts } from '../permissions/namedContracts.js'
import type { Loss } from '../dialects/dialect.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { ConnectedWallet } from './connectedWallet.js'

export type AskConsentParameters = {
  wallet: Pick<ConnectedWallet, 'account' | 'chainId'>
  delegate: PermissionConsentRequest['delegate']
  permissions: readonly Permission[]
  expiry: UnixSeconds
  chainTime: UnixSeconds
  losses: readonly Loss[]
  existing: PermissionConsentRequest['existing']
}

/**
 * The kit's own consent, for wallets that ask nobody. What the user agreed to is granted while the view says that it is under way.
 * @throws {UserRejectedRequestError} {@link ConsentNotMountedError} {@link ConsentTermsError}
 */
export async function askConsent<result>(config: SessionKeyConfig, parameters: AskConsentParameters, grant: (agreed: ConsentTerms) => Promise<result>): Promise<result> {
  const { wallet, delegate, permissions, expiry, chainTime, losses, existing } = parameters
  const client = getChainClient(config, wallet.chainId)
  const { name = `Chain ${wallet.chainId}`, nativeCurrency = { symbol: 'ETH', decimals: 18 }, blockExplorers } = client.chain ?? {}
  const request: PermissionConsentRequest = {
    type: 'permissions',
    id: crypto.randomUUID(),
    origin: typeof location === 'undefined' ? 'server' : location.origin,
    account: wallet.account,
    chain: { id: wallet.chainId, name, nativeCurrency: { symbol: nativeCurrency.symbol, decimals: nativeCurrency.decimals }, explorer: blockExplorers?.default.url },
    metadata: await readContractMetadata(client, namedContracts(permissions)),
    upgradesAccount: false,
    delegate,
    permissions,
    expiry,
    chainTime,
    adjustable: true,
    ...(existing ? { existing } : {}),
    widened: losses.filter(({ kind }) => kind === 'widened').map(({ path, reason }) => ({ path, reason })),
  }
  const decision = await config.consent.ask(request)
  if (!decision.approved) throw new UserRejectedRequestError(new Error(`The user did not agree (${decision.reason}).`))
  try {
    return await grant(agreedTerms(request, decision))
  } finally {
    decision.settled?.()
  }
}
