import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { PermissionType } from '../permissions/permission.js'
import type { Loss } from './dialect.js'

/** The connected wallet grants no permissions in any dialect the kit knows. */
export class UnsupportedWalletError extends SessionKeyError {
  override readonly name = 'UnsupportedWalletError'
  constructor({ wallet, reason, cause }: { wallet: string; reason?: string | undefined; cause?: Error | undefined }) {
    super(`${wallet} cannot grant permissions${reason === undefined ? '' : `: ${reason}`}.`, {
      cause,
      metaMessages: ['Connect a wallet that speaks ERC-7715, or give users one: embeddedWallet from react-session-keys/wallet.'],
    })
  }
}

/** The wallet has no words for this permission; nobody was asked. */
export class PermissionNotSupportedError extends SessionKeyError {
  override readonly name = 'PermissionNotSupportedError'
  readonly losses: readonly Loss[]
  constructor({ type, chainId, losses = [] }: { type: PermissionType; chainId: number; losses?: readonly Loss[] }) {
    super(`The wallet cannot grant ${type} on chain ${chainId}.`, {
      metaMessages: [
        ...losses.map(({ path, reason }) => `${path}: ${reason}.`),
        'Mark the permission optional, or ask for another one.',
        'useSupportedPermissions says beforehand what the wallet can grant.',
      ],
    })
    this.losses = losses
  }
}

/** In the wallet's words the permission would allow more than was asked; nobody was asked. */
export class PermissionWidenedError extends SessionKeyError {
  override readonly name = 'PermissionWidenedError'
  /** Those that were not accepted. */
  readonly losses: readonly Loss[]
  constructor({ wallet, losses }: { wallet: string; losses: readonly Loss[] }) {
    super(`${wallet} can only grant more than was asked.`, {
      metaMessages: [
        ...losses.map(({ path, reason }) => `${path}: ${reason}.`),
        `To grant it all the same: acceptLosses: [${losses.map(({ path }) => `'${path}'`).join(', ')}].`,
      ],
    })
    this.losses = losses
  }
}

/** `acceptLosses` names something that is not lost: a mistyped path must not stay unnoticed. */
export class UnknownLossError extends SessionKeyError {
  override readonly name = 'UnknownLossError'
  constructor({ path, losses }: { path: string; losses: readonly Loss[] }) {
    super(`acceptLosses names "${path.slice(0, 100)}", where nothing was asked.`, {
      metaMessages: losses.map((loss) => `${loss.kind}: ${loss.path}`),
    })
  }
}

export class InvalidWalletResponseError extends SessionKeyError {
  override readonly name = 'InvalidWalletResponseError'
  constructor({ method, reason, cause }: { method: string; reason: string; cause?: Error | undefined }) {
    super(`The wallet's answer to ${method} cannot be read: ${reason}.`, { cause })
  }
}

type WalletErrorParameters = { method: string; cause: Error }

/** Another request waits in the wallet; this one was turned away. Nobody was asked. */
export class WalletBusyError extends SessionKeyError {
  override readonly name = 'WalletBusyError'
  constructor({ method, cause }: WalletErrorParameters) {
    super(`The wallet is busy with another request, so it did not take ${method}.`, {
      cause,
      metaMessages: ['Answer or close the request that is open in the wallet, then try again.'],
    })
  }
}

/** The wallet does not know the method, or does not let this page use it. */
export class WalletMethodNotSupportedError extends SessionKeyError {
  override readonly name = 'WalletMethodNotSupportedError'
  constructor({ method, cause }: WalletErrorParameters) {
    super(`The wallet does not answer ${method} here.`, { cause })
  }
}

/** The wallet read the request and turned it down as malformed or as nothing it grants. Nobody was asked. */
export class WalletRefusedRequestError extends SessionKeyError {
  override readonly name = 'WalletRefusedRequestError'
  constructor({ method, reason, cause }: WalletErrorParameters & { reason: string }) {
    super(`The wallet does not take this ${method}: ${reason}`, { cause })
  }
}

/** The wallet is on another chain than the session is for. Nobody was asked. */
export class WalletChainMismatchError extends SessionKeyError {
  override readonly name = 'WalletChainMismatchError'
  constructor({ chainId, walletChainId, cause }: { chainId: number; walletChainId?: number | undefined; cause?: Error | undefined }) {
    super(`The wallet is ${walletChainId === undefined ? 'not' : `on chain ${walletChainId}, not`} on chain ${chainId}, where the session is for.`, {
      cause,
      metaMessages: ["Switch the wallet first: wagmi's useSwitchChain."],
    })
  }
}

/** The wallet would grant for another account than the connected one. Nobody was asked. */
export class WalletAccountMismatchError extends SessionKeyError {
  override readonly name = 'WalletAccountMismatchError'
  constructor({ account, walletAccount }: { account: string; walletAccount: string | undefined }) {
    super(`The wallet would grant for ${walletAccount ?? 'no account'}, not for ${account}.`, { metaMessages: ['Connect that account again.'] })
  }
}

/** The wallet's own service failed, perhaps after it had done what it was asked. */
export class WalletBackendError extends SessionKeyError {
  override readonly name = 'WalletBackendError'
  constructor({ method, reason, cause }: WalletErrorParameters & { reason: string }) {
    super(`The wallet's service failed at ${method}: ${reason}`, { cause })
  }
}

/** The wallet did not answer a question that prompts nobody. */
export class WalletTimeoutError extends SessionKeyError {
  override readonly name = 'WalletTimeoutError'
  constructor({ method, seconds }: { method: string; seconds: number }) {
    super(`The wallet did not answer ${method} within ${seconds} s.`, { metaMessages: ['It may be locked, or busy with another page.'] })
  }
}
