type Builtin = { webcrypto: Crypto }
type Runtime = { process?: { getBuiltinModule?(name: string): Builtin | undefined } }

/**
 * jsdom's own `crypto` has no `subtle`, and Jest shows it to tests instead of Node's. Keys are wrapped for real in tests too, so Node's
 * is put in its place. Elsewhere there is one, and nothing happens.
 */
export function ensureWebCrypto(): void {
  if (globalThis.crypto?.subtle) return
  const webcrypto = (globalThis as Runtime).process?.getBuiltinModule?.('crypto')?.webcrypto
  if (webcrypto) Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true, writable: true })
}
