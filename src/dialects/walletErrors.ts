import { UserRejectedRequestError } from 'viem'
import {
  WalletBackendError,
  WalletBusyError,
  WalletChainMismatchError,
  WalletMethodNotSupportedError,
  WalletRefusedRequestError,
} from './errors.js'

/** What a wallet's error means, whatever it is called. */
export type WalletErrorKind = 'rejected' | 'unsupported' | 'unauthorized' | 'refused' | 'busy' | 'chain-mismatch' | 'backend' | 'unknown'

/** Words that mean something only beside the codes that they are known with: by themselves anybody may say them of anything. */
type Words = { codes: readonly number[]; text: RegExp }

const busyCode = -32002
const userRejectedCode = 4001
/** Openfort's code for nearly everything. */
const openfort = -32003
/** "Invalid input" and "internal error", which MetaMask gives to what has no code of its own. */
const metaMask = [-32000, -32603] as const

/**
 * One row per meaning, first match wins. `codes` are EIP-1193's, EIP-1474's and ERC-5792's.
 * @see `@openfort/openfort-js` 1.6.0 `registerSession`; MetaMask/metamask-extension `createEip7715BlockingMiddleware`, whose error has no code
 */
const rows: readonly { kind: WalletErrorKind; codes: readonly number[]; says?: readonly Words[]; also?: (cause: unknown) => boolean }[] = [
  // 5750: the user did not agree to the account's upgrade · 5000: WalletConnect.
  { kind: 'rejected', codes: [userRejectedCode, 5750, 5000], also: saysNo },
  { kind: 'busy', codes: [busyCode], says: [{ codes: [-32603], text: /^Cannot process requests while a wallet_requestExecutionPermissions request is in process$/ }] },
  { kind: 'chain-mismatch', codes: [4901, 4902, 5710], says: [{ codes: metaMask, text: /unrecognized chain|chain (id )?(mismatch|not (supported|configured|recognized))/i }] },
  { kind: 'unsupported', codes: [4200, -32601, -32004, 5700], says: [{ codes: metaMask, text: /no middleware|method not (supported|found)/i }] },
  { kind: 'unauthorized', codes: [4100] },
  {
    kind: 'refused',
    codes: [-32602],
    says: [
      { codes: [openfort], text: /is not supported with this account implementation|missing session address|multi-key signers/i },
      { codes: metaMask, text: /unsupported permission type|permissions can ?not be granted/i },
    ],
  },
  { kind: 'backend', codes: [openfort] },
]

/** Reads the error and its causes: connectors wrap what wallets throw. */
export function walletErrorKind(error: unknown): WalletErrorKind {
  const causes = causesOf(error)
  const means = (cause: unknown, { codes, says = [], also }: (typeof rows)[number]) =>
    hasCode(cause, codes) || also?.(cause) || says.some((words) => hasCode(cause, words.codes) && words.text.test(messageOf(cause)))
  return rows.find((row) => causes.some((cause) => means(cause, row)))?.kind ?? 'unknown'
}

/** EIP-1474's code for it, however deep, whatever the words. */
export function hasBusyCode(error: unknown): boolean {
  return causesOf(error).some((cause) => hasCode(cause, [busyCode]))
}

/** True when the wallet turned the request away before it asked anybody: nothing was granted, nothing was sent. */
export function wasTurnedAway(error: unknown): boolean {
  return ['rejected', 'unsupported', 'unauthorized', 'refused', 'busy', 'chain-mismatch'].includes(walletErrorKind(error))
}

/**
 * The user's own no to the very request that it answers, in EIP-1193's words (4001), however deep a connector wrapped it. Other ways to say no
 * are told to the app as one, and are not certain enough to delete a key for.
 */
export function isUserRejection(error: unknown): boolean {
  return causesOf(error).some((cause) => hasCode(cause, [userRejectedCode]))
}

/** The kit's own error for it, with the wallet's as `cause`. An error of unknown meaning stays as it is. */
export function walletError(error: unknown, { method, chainId }: { method: string; chainId: number }): Error {
  const cause = error instanceof Error ? error : new Error(reasonOf(error))
  const parameters = { method, cause, reason: reasonOf(error) }
  const kind = walletErrorKind(error)
  switch (kind) {
    case 'rejected':
      return new UserRejectedRequestError(cause)
    case 'busy':
      return new WalletBusyError(parameters)
    case 'chain-mismatch':
      return new WalletChainMismatchError({ chainId, cause })
    case 'unsupported':
    case 'unauthorized':
      return new WalletMethodNotSupportedError(parameters)
    case 'refused':
      return new WalletRefusedRequestError(parameters)
    case 'backend':
      return new WalletBackendError(parameters)
    case 'unknown':
      return cause
    default:
      return kind satisfies never
  }
}

/** An error and what caused it, outermost first. */
export function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = []
  for (let current = error; current && causes.length < 10; current = (current as { cause?: unknown }).cause) causes.push(current)
  return causes
}

/** The wallet's own words, kept short. */
export function reasonOf(error: unknown): string {
  const { shortMessage, message } = (error ?? {}) as { shortMessage?: unknown; message?: unknown }
  const words = typeof shortMessage === 'string' ? shortMessage : typeof message === 'string' ? message : typeof error === 'string' ? error : 'no reason given'
  return words.slice(0, 300)
}

/** ethers' name for it, and EIP-1193's code where JSON-RPC keeps the details. */
function saysNo(error: unknown): boolean {
  const { code, data } = error as { code?: unknown; data?: unknown }
  return code === 'ACTION_REJECTED' || (typeof data === 'object' && data !== null && hasCode(data, [userRejectedCode]))
}

function hasCode(error: unknown, codes: readonly number[]): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' && codes.includes(code)
}

function messageOf(error: unknown): string {
  const { message } = error as { message?: unknown }
  return typeof message === 'string' ? message.slice(0, 2_000) : ''
}
