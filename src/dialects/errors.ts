import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { PermissionType } from '../permissions/permission.js'

/** The connected wallet grants no permissions in any dialect the kit knows. */
export class UnsupportedWalletError extends SessionKeyError {
  override readonly name = 'UnsupportedWalletError'
  constructor({ wallet, cause }: { wallet: string; cause?: Error | undefined }) {
    super(`${wallet} cannot grant permissions.`, {
      cause,
      metaMessages: ['Connect a wallet that speaks ERC-7715, or give users one: embeddedWallet from react-session-keys/wallet.'],
    })
  }
}

/** The wallet said beforehand that it cannot grant this; nobody was asked. */
export class PermissionNotSupportedError extends SessionKeyError {
  override readonly name = 'PermissionNotSupportedError'
  constructor({ type, chainId }: { type: PermissionType; chainId: number }) {
    super(`The wallet cannot grant ${type} on chain ${chainId}.`, {
      metaMessages: ['Mark the permission optional, or ask for another one.'],
    })
  }
}

export class InvalidWalletResponseError extends SessionKeyError {
  override readonly name = 'InvalidWalletResponseError'
  constructor({ method, reason, cause }: { method: string; reason: string; cause?: Error | undefined }) {
    super(`The wallet's answer to ${method} cannot be read: ${reason}.`, { cause })
  }
}
