import { decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem'

const bundle = [{ type: 'bytes[]' }] as const

/**
 * Several contexts as one: the 2024 shape of ERC-7715 has a single `permissionsContext` for all its permissions.
 * One context stays as it is; more are ABI-encoded `bytes[]`, in the order of the permissions.
 */
export function bundleContexts(contexts: readonly Hex[]): Hex {
  const [first] = contexts
  return first && contexts.length === 1 ? first : encodeAbiParameters(bundle, [contexts])
}

/**
 * The contexts of a bundle, or the one context it is. A context is `Delegation[]`: read as `bytes[]`, the delegate's
 * address would be a length, so neither can be taken for the other.
 */
export function unbundleContexts(context: Hex): readonly Hex[] {
  try {
    const [contexts] = decodeAbiParameters(bundle, context)
    return contexts.length > 0 && encodeAbiParameters(bundle, [contexts]) === context.toLowerCase() ? contexts : [context]
  } catch {
    return [context]
  }
}

/** What bytes hold if they are read as a bundle, however it was encoded and whatever stands behind; nothing where they cannot be. */
export function bundledIn(context: Hex): readonly Hex[] {
  try {
    return decodeAbiParameters(bundle, context)[0]
  } catch {
    return []
  }
}
