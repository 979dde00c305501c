import { sha256, stringToHex } from 'viem'
import { relayErrorCode } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

/**
 * Lets in callers with one of the keys, as a bearer token or in `x-api-key`; everyone when there are no keys.
 * Digests are compared, so that the time taken says nothing about a key.
 */
export function createAuthorise(apiKeys: readonly string[] | undefined): (headers: Headers) => void {
  if (!apiKeys) return () => undefined
  const known = new Set(apiKeys.map(digest))
  return (headers) => {
    const key = keyOf(headers)
    if (!key || !known.has(digest(key))) throw new RelayRpcError(relayErrorCode.unauthorised, 'The API key is missing or unknown.')
  }
}

/** Who calls, by a key of theirs, without the key. */
export function callerByKey(headers: Headers): string | undefined {
  const key = keyOf(headers)
  return key ? digest(key) : undefined
}

function keyOf(headers: Headers): string | null {
  return /^bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? headers.get('x-api-key')
}

const digest = (key: string) => sha256(stringToHex(key))
