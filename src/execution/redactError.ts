import type { Hex } from 'viem'
import { decodeContext } from '../delegation/context.js'
import { isDelegated, type GrantedPermission } from '../delegation/grantedPermission.js'
import { createRedact } from './redact.js'

/**
 * Strikes a session's permission contexts, and the signatures that make them worth something, out of an error and its causes: viem's
 * errors repeat the request that failed, and errors end in logs. The error stays the same object, of the same class.
 */
export function redactContexts<error>(error: error, granted: readonly GrantedPermission[]): error {
  const contexts = granted.filter(isDelegated).map(({ context }) => context)
  const signatures = contexts.flatMap(signaturesOf)
  // Without 0x: inside calldata they have none. The contexts first: a signature is a part of one.
  const redact = createRedact([...contexts, ...signatures].map((hex) => hex.slice(2)))
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    for (const name of ['message', 'stack', ...Object.keys(one)]) {
      const value = one[name as keyof Error] as unknown
      if (isPlain(value) && name !== 'cause') Object.assign(one, { [name]: redact(value) })
    }
  }
  return error
}

/** Of a context that is not ours to read: none. */
function signaturesOf(context: Hex): Hex[] {
  try {
    return decodeContext(context).map(({ signature }) => signature)
  } catch {
    return []
  }
}

/** A text, a list, or a record; what has a class of its own would lose it. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return true
  return typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)
}
