/**
 * Every text that can be reached from a value: keys, strings, numbers, bytes as hex, lists of numbers joined by commas, errors with
 * their stacks and causes, what Maps and Sets hold. Not through the document: that is a text of its own.
 */
export function textsIn(...roots: readonly unknown[]): string[] {
  const texts = new Set<string>()
  const seen = new Set<object>()
  const waiting: unknown[] = [...roots]
  const found = (...values: unknown[]) => void waiting.push(...values)

  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string') texts.add(value)
    else if (typeof value === 'bigint' || typeof value === 'number') texts.add(String(value))
    else if ((typeof value === 'object' && value !== null) || typeof value === 'function') {
      if (seen.has(value) || value instanceof Node || value === globalThis) continue
      seen.add(value)
      const bytes = bytesOf(value)
      if (bytes) {
        texts.add(hexOf(bytes))
        continue
      }
      if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number')) texts.add(value.join())
      if (value instanceof Map) for (const [key, inner] of value) found(key, inner)
      if (value instanceof Set) for (const inner of value) found(inner)
      // Getters are not called: they may do something.
      for (const [key, { value: inner }] of Object.entries(Object.getOwnPropertyDescriptors(value))) found(key, inner)
      for (const symbol of Object.getOwnPropertySymbols(value)) found(Object.getOwnPropertyDescriptor(value, symbol)?.value)
      if (value instanceof Error) found(value.message, value.stack, value.cause)
    }
  }
  return [...texts]
}

function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : undefined
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
