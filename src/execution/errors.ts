import { formatUnits, type Address, type Hex } from 'viem'
import { decodeRevertReason, findRevertData, type RevertReason } from '../delegation/revertReason.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import type { Refusal } from '../permissions/check.js'
import { metadataOf, type ContractMetadata, type PermissionMetadata } from '../permissions/metadata.js'
import { localTime } from './localTime.js'
import { transactionGasCap } from './transactionGasCap.js'

type Parameters = {
  message: string
  help: string
  /** Index of the call in the batch, where it is known. */
  call?: number | undefined
  cause?: Error | undefined
  /** What the contracts answered, when it was they who refused. */
  revert?: RevertReason | undefined
}

/** A call that this session does not allow. `by` says who refused: our own check before anything was sent, or the chain. */
export class CallRefusedError extends SessionKeyError {
  override name = 'CallRefusedError'
  readonly by: 'check' | 'chain'
  readonly call: number | undefined
  readonly revert: RevertReason | undefined

  constructor({ message, help, call, cause, revert }: Parameters) {
    super(message, {
      cause,
      metaMessages: [help, revert ? `The chain refused it: ${revert.contract}:${revert.reason}` : 'Nothing was sent.'],
    })
    this.by = revert ? 'chain' : 'check'
    this.call = call
    this.revert = revert
  }
}

export class SessionExpiredError extends CallRefusedError {
  override readonly name = 'SessionExpiredError'
}
export class SessionNotStartedError extends CallRefusedError {
  override readonly name = 'SessionNotStartedError'
}
export class SessionRevokedError extends CallRefusedError {
  override readonly name = 'SessionRevokedError'
}
export class ContractNotAllowedError extends CallRefusedError {
  override readonly name = 'ContractNotAllowedError'
}
export class FunctionNotAllowedError extends CallRefusedError {
  override readonly name = 'FunctionNotAllowedError'
}
export class ArgumentNotAllowedError extends CallRefusedError {
  override readonly name = 'ArgumentNotAllowedError'
}
export class PayeeNotAllowedError extends CallRefusedError {
  override readonly name = 'PayeeNotAllowedError'
}
export class ValueLimitExceededError extends CallRefusedError {
  override readonly name = 'ValueLimitExceededError'
}
export class CallLimitExceededError extends CallRefusedError {
  override readonly name = 'CallLimitExceededError'
}
export class SpendLimitExceededError extends CallRefusedError {
  override readonly name = 'SpendLimitExceededError'
}
/** The user's wallet named who may redeem the permission, and whoever would redeem it here is not among them. */
export class RedeemerNotAllowedError extends CallRefusedError {
  override readonly name = 'RedeemerNotAllowedError'
}
/** Signed by, or redeemed by, another key than the one that was granted to. */
export class WrongSessionKeyError extends CallRefusedError {
  override readonly name = 'WrongSessionKeyError'
}
/** The signed permission is not the one that was signed. */
export class AlteredDelegationError extends CallRefusedError {
  override readonly name = 'AlteredDelegationError'
}
/** Nothing happened: the signed call came to the chain after its own deadline. The session lives on. */
export class SignedCallExpiredError extends CallRefusedError {
  override readonly name = 'SignedCallExpiredError'
}

/** The call did happen, once; only the transaction that made it could not be found. */
export class AlreadyRedeemedError extends SessionKeyError {
  override readonly name = 'AlreadyRedeemedError'
  /** How the chain knows the signed call. */
  readonly leafHash: Hex
  constructor({ leafHash, cause }: { leafHash: Hex; cause?: Error | undefined }) {
    super('The call took effect, but the transaction that made it could not be found.', {
      cause,
      metaMessages: ['Do not send it again: that would be a second call.', `The signed call: ${leafHash}`],
    })
    this.leafHash = leafHash
  }
}

/** The session key's own transaction was sent, and it is not known what became of it. */
export class TransactionOutcomeUnknownError extends SessionKeyError {
  override readonly name = 'TransactionOutcomeUnknownError'
  readonly transactionHash: Hex
  constructor({ transactionHash, cause }: { transactionHash: Hex; cause?: Error | undefined }) {
    super(`Transaction ${transactionHash} was sent, and it is in no block yet.`, {
      cause,
      metaMessages: ['It may still happen. Look for it on the chain before trying again: a second call would be made beside the first.'],
    })
    this.transactionHash = transactionHash
  }
}

/** The permission allowed the call; the called contract itself failed. */
export class SessionCallRevertedError extends SessionKeyError {
  override readonly name = 'SessionCallRevertedError'
  readonly revert: RevertReason | undefined
  readonly data: Hex | undefined
  constructor({ revert, data, cause }: { revert?: RevertReason | undefined; data?: Hex | undefined; cause?: Error | undefined }) {
    super(`The call failed in the contract${revert ? `: ${revert.reason}` : data ? ` with ${data.slice(0, 74)}` : ''}.`, {
      cause,
      metaMessages: ['No call of the batch took effect and no limit was used.'],
    })
    this.revert = revert
    this.data = data
  }
}

/** The calls of one send are one transaction, and these need more gas than a transaction may have. Nothing was sent. @see EIP-7825 */
export class GasCapExceededError extends SessionKeyError {
  override readonly name = 'GasCapExceededError'
  /** What they need; undefined where the node only said that it is too much. */
  readonly gas: bigint | undefined
  constructor({ gas, cause }: { gas?: bigint | undefined; cause?: Error | undefined }) {
    super(`These calls need ${gas ?? 'too much'} gas: one transaction may have ${transactionGasCap}.`, {
      cause,
      metaMessages: ['Nothing was sent. Make fewer calls with one send: those of several sends need not fit one transaction.'],
    })
    this.gas = gas
  }
}

/** More sends wait for this key's transactions than it will take. This one was not sent; the others are on their way. */
export class SendQueueFullError extends SessionKeyError {
  override readonly name = 'SendQueueFullError'
  readonly waiting: number
  constructor({ waiting }: { waiting: number }) {
    super(`${waiting} sends of this session key wait for their transaction already.`, {
      metaMessages: ['Nothing was sent. Wait for earlier sends before making more: each resolves when its calls are in a block.'],
    })
    this.waiting = waiting
  }
}

/** The session's key is a contract account's: it signs, and has no transactions of its own. Nothing was sent. */
export class RelayRequiredError extends SessionKeyError {
  override readonly name = 'RelayRequiredError'
  constructor() {
    super('A P-256 session key acts through a contract account, which sends no transactions: somebody else has to.', {
      metaMessages: ["Pass createSessionKeyConfig({ relay: 'https://…/rpc' }), or a bundler; without either, leave the key's kind at its default."],
    })
  }
}

const renew = 'Ask for a new session: useGrantPermissions.'

export type RefusalNames = { metadata?: PermissionMetadata | undefined; functionName?: string | undefined }

/** The typed error for a refusal of our own check. */
export function refusalError(refusal: Refusal, { metadata, functionName }: RefusalNames = {}): CallRefusedError {
  const { call } = refusal
  const contract = (address: Address) => untrustedName(metadataOf(metadata, address), address)
  switch (refusal.reason) {
    case 'expired':
      return new SessionExpiredError({ call, message: `This session ended on ${localTime(refusal.expiry)}.`, help: renew })
    case 'not-started':
      return new SessionNotStartedError({ call, message: `This permission begins on ${localTime(refusal.startTime)}.`, help: 'Wait until then.' })
    case 'contract-not-allowed':
      return new ContractNotAllowedError({ call, message: `This session may not call ${contract(refusal.to)}.`, help: renew })
    case 'function-not-allowed':
      return new FunctionNotAllowedError({ call, message: `This session may not call ${functionName ?? refusal.selector} on ${contract(refusal.to)}.`, help: renew })
    case 'argument-not-allowed':
      return new ArgumentNotAllowedError({
        call,
        message: `This session may call ${functionName ?? refusal.selector} on ${contract(refusal.to)} only with the arguments that were agreed.`,
        help: renew,
      })
    case 'payee-not-allowed':
      return new PayeeNotAllowedError({ call, message: `This session may not pay ${refusal.payee}.`, help: renew })
    case 'value-too-high':
      return new ValueLimitExceededError({
        call,
        message: `One call may carry ${formatUnits(refusal.limit, 18)} of the native token; this one carries ${formatUnits(refusal.value, 18)}.`,
        help: 'Send less with the call.',
      })
    case 'call-limit-exceeded':
      return new CallLimitExceededError({ call, message: callLimitMessage(refusal), help: renew })
    case 'spend-limit-exceeded': {
      const label = (amount: bigint) => tokenAmount(amount, refusal.token, metadata)
      return new SpendLimitExceededError({
        call,
        message: `This session may spend ${label(refusal.limit)}; ${label(refusal.left)} is left and the call needs ${label(refusal.wanted)}.`,
        help: 'Ask for less, or renew the session with a higher limit: useGrantPermissions.',
      })
    }
    default:
      return refusal satisfies never
  }
}

function callLimitMessage({ limit, atOnce }: { limit: number; atOnce?: number | undefined }): string {
  if (atOnce === undefined) return `All ${limit} calls of this session are used.`
  if (atOnce === 0) return `Nothing counts the calls of this session, of which it was to make ${limit} at most.`
  return `This session may make ${limit} such calls, and ${atOnce === limit ? 'how many are left is not known' : `${atOnce} at once`}.`
}

const refused = {
  'AllowedTargetsEnforcer:target-address-not-allowed': [ContractNotAllowedError, 'This session may not call that contract.'],
  'AllowedMethodsEnforcer:method-not-allowed': [FunctionNotAllowedError, 'This session may not call that function.'],
  'AllowedCalldataEnforcer:invalid-calldata': [ArgumentNotAllowedError, 'This session may use that function only with the arguments that were agreed.'],
  'AllowedCalldataEnforcer:invalid-calldata-length': [ArgumentNotAllowedError, 'This session may use that function only with the arguments that were agreed.'],
  'ExactCalldataEnforcer:invalid-calldata': [ArgumentNotAllowedError, 'This session may make that call only with exactly the data that was agreed.'],
  'AllowedMethodsEnforcer:invalid-execution-data-length': [FunctionNotAllowedError, 'This session may not call that contract without naming a function.'],
  'ValueLteEnforcer:value-too-high': [ValueLimitExceededError, 'The call carries more of the native token than this session allows.'],
  'LimitedCallsEnforcer:limit-exceeded': [CallLimitExceededError, 'All calls of this session are used.'],
  'TimestampEnforcer:expired-delegation': [SessionExpiredError, 'This session has ended.'],
  'TimestampEnforcer:early-delegation': [SessionNotStartedError, 'This session has not begun.'],
  'ERC20TransferAmountEnforcer:allowance-exceeded': [SpendLimitExceededError, 'The transfer goes past what this session may spend.'],
  'ERC20TransferAmountEnforcer:invalid-contract': [ContractNotAllowedError, 'This session may not spend that token.'],
  'ERC20TransferAmountEnforcer:invalid-method': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20TransferAmountEnforcer:invalid-execution-length': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20PeriodTransferEnforcer:transfer-amount-exceeded': [SpendLimitExceededError, 'The transfer goes past what this session may spend in this period.'],
  'ERC20PeriodTransferEnforcer:transfer-not-started': [SessionNotStartedError, 'The first period of this session has not begun.'],
  'ERC20PeriodTransferEnforcer:invalid-contract': [ContractNotAllowedError, 'This session may not spend that token.'],
  'ERC20PeriodTransferEnforcer:invalid-method': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20PeriodTransferEnforcer:invalid-execution-length': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20StreamingEnforcer:invalid-contract': [ContractNotAllowedError, 'This session may not spend that token.'],
  'ERC20StreamingEnforcer:invalid-method': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20StreamingEnforcer:invalid-execution-length': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC20StreamingEnforcer:allowance-exceeded': [SpendLimitExceededError, 'The transfer goes past what has been unlocked so far.'],
  'NativeTokenTransferAmountEnforcer:allowance-exceeded': [SpendLimitExceededError, 'The transfer goes past what this session may spend.'],
  'NativeTokenPeriodTransferEnforcer:transfer-amount-exceeded': [SpendLimitExceededError, 'The transfer goes past what this session may spend in this period.'],
  'NativeTokenPeriodTransferEnforcer:transfer-not-started': [SessionNotStartedError, 'The first period of this session has not begun.'],
  'NativeTokenStreamingEnforcer:allowance-exceeded': [SpendLimitExceededError, 'The transfer goes past what has been unlocked so far.'],
  'ERC721TransferEnforcer:unauthorized-contract-target': [ContractNotAllowedError, 'This session may not transfer tokens of that collection.'],
  'ERC721TransferEnforcer:unauthorized-selector': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC721TransferEnforcer:invalid-calldata-length': [FunctionNotAllowedError, 'This session may only transfer that token.'],
  'ERC721TransferEnforcer:invalid-address': [ArgumentNotAllowedError, 'The token can only be transferred from somebody to somebody.'],
  'ERC721TransferEnforcer:unauthorized-token-id': [ArgumentNotAllowedError, 'This session may transfer another token of that collection.'],
  'ExactExecutionEnforcer:invalid-execution': [ArgumentNotAllowedError, 'The call is not exactly the one that was agreed.'],
  'NonceEnforcer:invalid-nonce': [SessionRevokedError, 'This permission was revoked, with all others of its account, or it is for later.'],
  'RedeemerEnforcer:unauthorized-redeemer': [RedeemerNotAllowedError, "The user's wallet does not let this address redeem the permission."],
  'DelegationManager:CannotUseADisabledDelegation': [SessionRevokedError, 'This session was revoked.'],
  'DelegationManager:InvalidDelegate': [WrongSessionKeyError, 'The permission was granted to another key.'],
  'DelegationManager:InvalidEOASignature': [AlteredDelegationError, 'A signature does not fit what was signed.'],
  'DelegationManager:InvalidERC1271Signature': [AlteredDelegationError, 'A signature does not fit what was signed.'],
  'DelegationManager:InvalidAuthority': [AlteredDelegationError, 'A delegation does not stand on the one it names.'],
} as const satisfies Record<string, readonly [typeof CallRefusedError, string]>

/** The typed error for a refusal by the contracts; for other reverts, that the called contract failed. */
export function revertError(revert: RevertReason | undefined, cause: Error): CallRefusedError | SessionCallRevertedError {
  const key = `${revert?.contract}:${revert?.reason}`
  if (!revert || !(key in refused)) return new SessionCallRevertedError({ revert, data: revert?.data, cause })
  const [ErrorClass, message] = refused[key as keyof typeof refused]
  return new ErrorClass({ message, help: renew, revert, cause })
}

/** The same for an error that carries revert data, however deep; undefined when it carries none. */
export function findRevertError(error: Error): CallRefusedError | SessionCallRevertedError | undefined {
  const data = findRevertData(error)
  return data && revertError(decodeRevertReason(data) ?? { contract: 'call', reason: data.slice(0, 10), data }, error)
}

function tokenAmount(amount: bigint, token: Address | 'native', metadata: PermissionMetadata | undefined): string {
  if (token === 'native') return `${formatUnits(amount, 18)} of the native token`
  const { symbol, decimals } = metadataOf(metadata, token)
  return decimals === undefined ? `${amount} units of ${token}` : `${formatUnits(amount, decimals)} ${symbol ?? token}`
}

/** A contract's own name, and always its address: the name is only what it says of itself. */
function untrustedName({ name, symbol }: ContractMetadata, address: Address): string {
  const short = `${address.slice(0, 6)}…${address.slice(-4)}`
  const said = name ?? symbol
  return said === undefined ? address : `${said.slice(0, 40)} (${short})`
}
