import { isAddressEqual, toFunctionSelector, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'
import { untrustedText } from './untrustedText.js'

/** A clear-signing file (ERC-7730), as JSON. It is the app's own word; nothing of it is fetched. */
export type ClearSigningDescriptor = unknown

/** What descriptors say of a function: always beside what the kit itself reads, never instead of it. */
export type FunctionWords = {
  /** `Mint a sword` */
  intent: string | undefined
  /** By position of the argument. */
  labels: readonly (string | undefined)[]
}

export type ContractWords = { owner: string | undefined; contractName: string | undefined; functions: ReadonlyMap<Hex, FunctionWords> }

const text = v.pipe(v.string(), v.maxLength(200))
const deployment = v.object({
  chainId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  address: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
})
const field = v.object({ path: v.optional(v.pipe(v.string(), v.maxLength(500))), label: v.optional(text), format: v.optional(text) })
const format = v.object({ intent: v.optional(v.union([text, v.record(v.string(), text)])), fields: v.optional(v.pipe(v.array(field), v.maxLength(100))) })

/** `includes` would have to be fetched, and says what is left out: such a file is not whole. */
const descriptor = v.object({
  $schema: v.optional(v.pipe(v.string(), v.regex(/(^|\/)erc7730-v[12](\.\d+\.\d+)?\.schema\.json$/))),
  includes: v.optional(v.never()),
  context: v.object({ contract: v.object({ deployments: v.pipe(v.array(deployment), v.minLength(1), v.maxLength(1_000)) }) }),
  metadata: v.optional(v.object({ owner: v.optional(text), contractName: v.optional(text) })),
  display: v.object({ formats: v.record(v.pipe(v.string(), v.maxLength(1_000)), format) }),
})

/**
 * The words of the descriptors that are bound to this very contract on this very chain. One that cannot be read, or is bound to nothing,
 * says nothing.
 * @see ERC-7730 `context.contract.deployments`, `display.formats`, `metadata.owner`; schemas 1 and 2
 */
export function contractWords(descriptors: readonly ClearSigningDescriptor[], chainId: number, address: Address): ContractWords | undefined {
  for (const given of descriptors) {
    const parsed = v.safeParse(descriptor, given)
    if (!parsed.success) continue
    const { context, metadata, display } = parsed.output
    const bound = context.contract.deployments.some((one) => one.chainId === chainId && isAddressEqual(one.address as Address, address))
    if (!bound) continue
    return {
      owner: untrustedText(metadata?.owner),
      contractName: untrustedText(metadata?.contractName),
      functions: new Map(Object.entries(display.formats).flatMap(([key, one]) => wordsOf(key, one) ?? [])),
    }
  }
  return undefined
}

/** The function by its four bytes, whatever its arguments are called. */
export function functionWords(words: ContractWords | undefined, { signature }: FunctionScope): FunctionWords | undefined {
  try {
    return words?.functions.get(toFunctionSelector(parseFunctionSignature(signature)))
  } catch {
    return undefined
  }
}

/** Keys are human-readable fragments; version 1 also had bare selectors. */
function wordsOf(key: string, { intent, fields = [] }: v.InferOutput<typeof format>): [Hex, FunctionWords][] | undefined {
  const words = { intent: typeof intent === 'string' ? untrustedText(intent, 60) : undefined, labels: [] }
  if (/^0x[0-9a-fA-F]{8}$/.test(key)) return [[key.toLowerCase() as Hex, words]]
  try {
    const item = parseFunctionSignature(key.trim())
    const labels = item.inputs.map(({ name }) => {
      const found = name ? fields.find(({ path }) => path === name || path === `#.${name}`) : undefined
      return untrustedText(found?.label)
    })
    return [[toFunctionSelector(item), { ...words, labels }]]
  } catch {
    return undefined
  }
}
