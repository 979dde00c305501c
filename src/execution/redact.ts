import { isHex } from 'viem'

export type Redact = <value>(value: value) => value

/** Strikes secrets out of what others say, however deep it is in there. */
export function createRedact(secrets: readonly (string | undefined)[]): Redact {
  const given = secrets.filter((secret): secret is string => Boolean(secret))
  const long = given.filter(({ length }) => length >= minSecretLength)

  function redact(value: unknown): unknown {
    if (typeof value === 'string') return (isHex(value) ? long : given).reduce((text, secret) => text.replaceAll(secret, '…'), value)
    if (Array.isArray(value)) return value.map(redact)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), redact(inner)]))
  }

  return redact as Redact
}

/** A header as short as `1` occurs in any revert data, which would be unreadable without it. */
const minSecretLength = 8
