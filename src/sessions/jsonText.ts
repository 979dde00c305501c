/** JSON that keeps whole numbers of any size: a bigint is written as `{ "$bigint": "…" }`. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? { $bigint: part.toString() } : part))
}

/** Reads it back. What it is of, whoever reads it has to find out. @throws {SyntaxError} it is no JSON */
export function fromJsonText(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => bigintIn(part) ?? part)
}

function bigintIn(part: unknown): bigint | undefined {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return undefined
  const { $bigint: digits, ...others } = part as { $bigint?: unknown }
  // A uint256 has 78 digits at most.
  return typeof digits === 'string' && /^-?\d{1,100}$/.test(digits) && Object.keys(others).length === 0 ? BigInt(digits) : undefined
}
