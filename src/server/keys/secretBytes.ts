import { WeakSecretError } from './errors.js'

/** @throws {WeakSecretError} */
export function secretBytes(secret: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret)
  if (bytes.length < 32) throw new WeakSecretError({ bytes: bytes.length })
  return bytes
}

/** A key for one purpose, from which nobody finds out those for others. */
export async function importSecret(secret: Uint8Array<ArrayBuffer>, usages: ['deriveKey'] | ['deriveBits']): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret, 'HKDF', false, usages)
}

export function hkdf(purpose: string) {
  const info = new TextEncoder().encode(purpose) as Uint8Array<ArrayBuffer>
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info } as const
}
