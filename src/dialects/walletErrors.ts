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

/**
 * One row per meaning, first match wins. `codes` are EIP-1193's, EIP-1474's and ERC-5792's; `says` is for wallets that
 * give one code to everything (Openfort -32003) or none at all.
 */
const rows: readonly { kind: WalletErrorKind; codes: readonly number[]; says?: RegExp }[] = [
  { kind: 'rejected', codes: [4001, 5750] },
  { kind: 'busy', codes: [-32002], says: /request is in process|already (pending|processing)/i },
  { kind: 'chain-mismatch', codes: [4901, 4902, 5710], says: /chain (id )?(mismatch|not (supported|configured|recognized))|unrecognized chain/i },
  { kind: 'unsupported', codes: [4200, -32601, -32004, 5700], says: /no middleware|method not (supported|found)/i },
  { kind: 'unauthorized', codes: [4100] },
  { kind: 'refused', codes: [-32602], says: /is not supported with this account implementation|missing session address|multi-key signers|unsupported permission type|permissions can ?not be granted/i },
  { kind: 'backend', codes: [-32003] },
]

/** Reads the error and its causes: connectors wrap what wallets throw. */
export function walletErrorKind(error: unknown): WalletErrorKind {
  const causes = causesOf(error)
  const row = rows.find(({ codes, says }) =>
    causes.some((cause) => codes.includes(codeOf(cause) ?? 0) || (says?.test(messageOf(cause)) ?? false)),
  )
  return row?.kind ?? 'unknown'
}

/** True when the wallet turned the request away before it asked anybody: nothing was granted, nothing was sent. */
export function wasTurnedAway(error: unknown): boolean {
  return ['rejected', 'unsupported', 'unauthorized', 'refused', 'busy', 'chain-mismatch'].includes(walletErrorKind(error))
}

/** EIP-1193 4001, however deep a connector wrapped it. */
export function isUserRejection(error: unknown): boolean {
  return walletErrorKind(error) === 'rejected'
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

function codeOf(error: unknown): number | undefined {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' ? code : undefined
}

function messageOf(error: unknown): string {
  const { message } = error as { message?: unknown }
  return typeof message === 'string' ? message.slice(0, 2_000) : ''
}
