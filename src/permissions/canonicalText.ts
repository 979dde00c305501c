/** The same text for the same meaning: letter case of addresses and order of keys do not count. */
export function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${canonicalText(item)}`).join()}}`
  }
  return String(value)
}

export function sameMeaning(a: unknown, b: unknown): boolean {
  return canonicalText(a) === canonicalText(b)
}
