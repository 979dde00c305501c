import type { Address, Hash } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'

/** The account runs other code than the wallet's; replacing it would change what the account is, so it is left alone. */
export class ForeignAccountCodeError extends SessionKeyError {
  override readonly name = 'ForeignAccountCodeError'
  readonly implementation: Address | undefined
  constructor({ account, implementation }: { account: Address; implementation: Address | undefined }) {
    super(
      implementation
        ? `${account} is already a smart account of another kind (EIP-7702 delegation to ${implementation}).`
        : `${account} is a contract, not an account that its owner's key controls.`,
      { metaMessages: ['Take that delegation away in the wallet that made it, or use another owner.'] },
    )
    this.implementation = implementation
  }
}

export class CannotUpgradeAccountError extends SessionKeyError {
  override readonly name = 'CannotUpgradeAccountError'
  constructor({ account, reason }: { account: Address; reason: string }) {
    super(`${account} did not become a smart account (EIP-7702): ${reason}.`, {
      metaMessages: ['Session permissions need it: give an owner with signAuthorization, or try again.'],
    })
  }
}

/** Nobody pays: there is no sponsor, and the account holds none of the native token. */
export class NoGasError extends SessionKeyError {
  override readonly name = 'NoGasError'
  constructor({ account, symbol }: { account: Address; symbol: string }) {
    super(`${account} has no ${symbol} to pay for gas, and the wallet has no sponsor.`, {
      metaMessages: ['Give createEmbeddedWallet a sponsor (a relay), or fund the account.'],
    })
  }
}

/** A revocation was sent, and the chain does not say that the permission is gone. */
export class RevocationNotSeenError extends SessionKeyError {
  override readonly name = 'RevocationNotSeenError'
  readonly transactionHash: Hash
  constructor({ transactionHash }: { transactionHash: Hash }) {
    super(`The permission is still usable after the revocation ${transactionHash}.`, {
      metaMessages: ['Revoke again; until that succeeds the session key can act.'],
    })
    this.transactionHash = transactionHash
  }
}
