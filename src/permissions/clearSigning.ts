import { isAddressEqual, toFunctionSelector, toFunctionSignature, type AbiFunction, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'
import { untrustedText } from './untrustedText.js'

/** A clear-signing file (ERC-7730), as JSON. It is the app's own word; nothing of it is fetched. */
export type ClearSigningDescriptor = unknown

/** How the file wants one value to be shown. Nothing of it has been followed yet. */
export type FieldWords = {
  /** Below those of the groups that it stands in. */
  path: string
  /** Of the group, which a relative path of its parameters begins at. */
  base: string
  label: string | undefined
  format: string | undefined
  /** Its own, then those of the definition that it refers to: the first that has a parameter decides. */
  params: readonly unknown[]
}

/** What descriptors say of a function: always beside what the kit itself reads, never instead of it. */
export type FunctionWords = {
  /** `Mint a sword` */
  intent: string | undefined
  /** With the names that the paths use; undefined for a bare selector, which has none. */
  item: AbiFunction | undefined
  fields: readonly FieldWords[]
  /** The file, for what a field refers to in it (`$.metadata.enums.…`). */
  file: ClearSigningDescriptor
}

export type ContractWords = { owner: string | undefined; contractName: string | undefined; functions: ReadonlyMap<Hex, FunctionWords> }

const mostFunctions = 500
/** Of one function, groups and their members counted. */
const mostFields = 100
const deepestGroup = 4

const text = v.pipe(v.string(), v.maxLength(200))
const pathText = v.pipe(v.string(), v.maxLength(200))
const anything = v.optional(v.unknown())
const deployment = v.object({
  chainId: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  address: v.pipe(v.string(), v.regex(/^0x[0-9a-fA-F]{40}$/)),
})
/** Lists are counted before they are read. */
const list = (most: number) => v.pipe(v.array(v.unknown()), v.maxLength(most))
const field = v.object({ path: v.optional(pathText), label: v.optional(text), format: v.optional(text), $ref: v.optional(pathText), params: anything, fields: anything, visible: anything, encryption: anything })
const format = v.object({ intent: v.optional(v.union([text, v.record(v.string(), text)])), fields: v.optional(v.pipe(list(mostFields), v.array(field))) })
const definition = v.object({ label: v.optional(text), format: v.optional(text), params: anything })

/** `includes` would have to be fetched, and says what is left out: such a file is not whole. */
const descriptor = v.object({
  $schema: v.optional(v.pipe(v.string(), v.regex(/(^|\/)erc7730-v[12](\.\d+\.\d+)?\.schema\.json$/))),
  includes: v.optional(v.never()),
  context: v.object({ contract: v.object({ deployments: v.pipe(list(1_000), v.array(deployment), v.minLength(1)) }) }),
  metadata: v.optional(v.object({ owner: v.optional(text), contractName: v.optional(text) })),
  display: v.object({ formats: v.pipe(v.custom<object>(isSmallRecord), v.record(v.pipe(v.string(), v.maxLength(1_000)), format)) }),
})

/**
 * The words of the descriptors that are bound to this very contract on this very chain. One that cannot be read, or is bound to nothing,
 * says nothing.
 * @see ERC-7730 `context.contract.deployments`, `display.formats`, `metadata.owner`; schemas 1 and 2
 */
export function contractWords(descriptors: readonly ClearSigningDescriptor[], chainId: number, address: Address): ContractWords | undefined {
  for (const given of descriptors) {
    const words = wordsOf(given, chainId, address)
    if (words) return words
  }
  return undefined
}

function wordsOf(given: ClearSigningDescriptor, chainId: number, address: Address): ContractWords | undefined {
  try {
    const parsed = v.safeParse(descriptor, given)
    if (!parsed.success) return undefined
    const { context, metadata, display } = parsed.output
    const bound = context.contract.deployments.some((one) => one.chainId === chainId && isAddressEqual(one.address as Address, address))
    const functions = bound ? functionsOf(display.formats, given) : undefined
    return functions && { owner: untrustedText(metadata?.owner), contractName: untrustedText(metadata?.contractName), functions }
  } catch {
    // What is given is no JSON, but an object that does something when it is read.
    return undefined
  }
}

/** The function by its four bytes, whatever its arguments are called; not another one that happens to have the same. */
export function functionWords(words: ContractWords | undefined, { signature }: FunctionScope): FunctionWords | undefined {
  try {
    const item = parseFunctionSignature(signature)
    const found = words?.functions.get(toFunctionSelector(item))
    return found?.item && toFunctionSignature(found.item) !== toFunctionSignature(item) ? undefined : found
  } catch {
    return undefined
  }
}

/** Undefined where two keys are the same function: by the ERC such a file is not valid. */
function functionsOf(formats: Readonly<Record<string, v.InferOutput<typeof format>>>, file: ClearSigningDescriptor): ReadonlyMap<Hex, FunctionWords> | undefined {
  const functions = new Map<Hex, FunctionWords>()
  for (const [key, { intent, fields = [] }] of Object.entries(formats)) {
    const read = readKey(key)
    if (!read) continue
    if (functions.has(read.selector)) return undefined
    functions.set(read.selector, {
      intent: typeof intent === 'string' ? untrustedText(intent, 60) : undefined,
      item: read.item,
      fields: read.item ? flatten(fields, file) : [],
      file,
    })
  }
  return functions
}

/** Keys are human-readable fragments; version 1 also had bare selectors. */
function readKey(key: string): { selector: Hex; item: AbiFunction | undefined } | undefined {
  if (/^0x[0-9a-fA-F]{8}$/.test(key)) return { selector: key.toLowerCase() as Hex, item: undefined }
  if (isDeep(key)) return undefined
  try {
    const item = parseFunctionSignature(key.trim())
    return { selector: toFunctionSelector(item), item }
  } catch {
    return undefined
  }
}

/** Reading a signature takes the longer, the deeper its structs are nested; nobody nests this deep. */
function isDeep(signature: string): boolean {
  let depth = 0
  for (const character of signature) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (depth > 8) return true
  }
  return false
}

function isSmallRecord(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false
  let count = 0
  for (const key in given) if (Object.hasOwn(given, key) && (count += 1) > mostFunctions) return false
  return true
}

/** Groups are taken apart, definitions looked up, once: what refers to itself ends there. */
function flatten(given: readonly v.InferOutput<typeof field>[], file: ClearSigningDescriptor): readonly FieldWords[] {
  const fields: FieldWords[] = []
  let read = 0
  const take = (some: readonly unknown[], base: string, depth: number) => {
    for (const one of some) {
      if ((read += 1) > mostFields) return
      const parsed = v.safeParse(field, one)
      if (!parsed.success) continue
      const { path, label, format, $ref, params, fields: members, visible, encryption } = parsed.output
      const whole = path === undefined ? base : /^[#$@]/.test(path) || base === '' ? path : `${base}.${path}`
      if (Array.isArray(members)) {
        if (depth < deepestGroup) take(members, whole, depth + 1)
        continue
      }
      // `value` alone is a constant of the file: it says nothing of what is pinned.
      if (path === undefined || visible === 'never') continue
      const known = $ref === undefined ? undefined : v.safeParse(definition, atReference(file, $ref, 'display', 'definitions'))
      const shared = known?.success ? known.output : undefined
      fields.push({
        path: whole,
        base,
        label: untrustedText(label ?? shared?.label),
        // What is encrypted is no amount and no date.
        format: encryption === undefined ? (format ?? shared?.format) : undefined,
        params: [params, shared?.params],
      })
    }
  }
  take(given, '', 0)
  return fields
}

/** What `$.metadata.enums.NAME` stands for, where it begins with these keys. Nothing that it holds is followed. */
export function atReference(file: ClearSigningDescriptor, reference: unknown, ...under: readonly string[]): unknown {
  if (typeof reference !== 'string' || reference.length > 200) return undefined
  const [root, ...keys] = reference.split('.')
  if (root !== '$' || keys.length !== under.length + 1 || under.some((key, index) => keys[index] !== key)) return undefined
  return keys.reduce<unknown>(own, file)
}

/** Of the object itself, and not of what it inherits. */
export function own(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined
}
