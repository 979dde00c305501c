import type { ListedGrant } from '../dialects/dialect.js'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { InvalidWalletResponseError, UnsupportedWalletError } from '../dialects/errors.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { walletError } from '../dialects/walletErrors.js'
import type { Session } from '../sessions/session.js'
import { getConnectedWallet } from './connectedWallet.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'
import type { NotConnectedError } from './configErrors.js'

export type GetGrantedPermissionsReturnType = {
  /** False where the wallet keeps no list: then there are only this app's own sessions (`useSessionKeys`). */
  listed: boolean
  /** What the wallet says it granted, to whomever. `session` is the one stored here that it belongs to. */
  grants: readonly (ListedGrant & { session: Session | undefined })[]
}

export type GetGrantedPermissionsErrorType = NotConnectedError | UnsupportedWalletError | InvalidWalletResponseError

/**
 * The wallet's own list of what it granted on the connected chain. Prompts nobody.
 * @throws {InvalidWalletResponseError} it is no list
 * @see ERC-7715 `wallet_getGrantedExecutionPermissions`
 */
export async function getGrantedPermissions(
  config: SessionKeyConfig,
  parameters: { chainId?: number | undefined } = {},
): Promise<GetGrantedPermissionsReturnType> {
  const { dialect, abilities, provider, account, chainId } = await getConnectedWallet(config, parameters)
  if (!dialect.list || !abilities.list) return { listed: false, grants: [] }
  const request = dialect.list.encode({ account, chainId })
  const answer = await sendToWallet(provider, request).catch((error: unknown) => {
    throw walletError(error, { method: request.method, chainId })
  })
  const sessions = (await config.sessions.find({ account })).filter((session) => session.chainId === chainId)
  const rows = dialect.list.decode(answer).filter((row) => row.chainId === undefined || row.chainId === chainId)
  return { listed: true, grants: rows.map((row) => ({ ...row, session: sessions.find((session) => isOf(row, session)) })) }
}

function isOf(row: ListedGrant, { address, handle, granted }: Session): boolean {
  if (row.handle !== undefined && row.handle === handle) return true
  if (row.delegate?.toLowerCase() === address.toLowerCase()) return true
  return granted.some((one) => isDelegated(one) && row.granted.some(({ context }) => context === one.context))
}
