import type { Hash, Hex } from 'viem'
import type { RevertReason } from '../delegation/revertReason.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'

/** The backend made no transaction intent of the calls. Nothing was signed, so nothing can happen. */
export class OpenfortIntentError extends SessionKeyError {
  override readonly name = 'OpenfortIntentError'
  constructor({ reason, cause }: { reason: string; cause?: Error | undefined }) {
    super(`The app's backend made no Openfort transaction of the calls: ${reason}.`, {
      cause,
      metaMessages: ['Nothing was signed, and nothing happened.', 'Look at what createIntent asks of your backend, and at its log.'],
    })
  }
}

/** Openfort ran the signed calls, or tried to, and says that it brought no transaction on-chain. */
export class OpenfortRefusedError extends SessionKeyError {
  override readonly name = 'OpenfortRefusedError'
  /** Openfort's name for the transaction (`tin_…`). */
  readonly intentId: string
  constructor({ intentId, reason }: { intentId: string; reason: string }) {
    super(`Openfort did not bring the calls on-chain: ${reason}.`, {
      metaMessages: [`No call took effect. Openfort's dashboard says more of ${intentId}.`],
    })
    this.intentId = intentId
  }
}

/** The calls were signed and handed over, and it is not known what became of them. */
export class OpenfortOutcomeUnknownError extends SessionKeyError {
  override readonly name = 'OpenfortOutcomeUnknownError'
  /** Openfort's name for the transaction (`tin_…`). */
  readonly intentId: string
  /** Undefined where none was named. */
  readonly transactionHash: Hash | undefined
  constructor({ intentId, transactionHash, reason, cause }: { intentId: string; transactionHash?: Hash | undefined; reason: string; cause?: Error | undefined }) {
    super(`It is not known what became of the calls: ${reason}.`, {
      cause,
      metaMessages: [
        'They may have happened, and may still happen.',
        `Look at ${transactionHash ?? `${intentId} in Openfort's dashboard`} before trying again: a second call would be made beside the first.`,
      ],
    })
    this.intentId = intentId
    this.transactionHash = transactionHash
  }
}

/** The session was allowed to make the calls; a called contract failed. The transaction around them succeeded all the same (ERC-4337). */
export class OpenfortCallsRevertedError extends SessionKeyError {
  override readonly name = 'OpenfortCallsRevertedError'
  readonly transactionHash: Hash
  readonly revert: RevertReason | undefined
  readonly data: Hex | undefined
  constructor({ transactionHash, revert, data }: { transactionHash: Hash; revert?: RevertReason | undefined; data?: Hex | undefined }) {
    super(`The calls failed in the contract${revert ? `: ${revert.reason.slice(0, 300)}` : data && data !== '0x' ? ` with ${data.slice(0, 74)}` : ''}.`, {
      metaMessages: ['No call of the batch took effect, but the account has counted them.'],
    })
    this.transactionHash = transactionHash
    this.revert = revert
    this.data = data
  }
}
