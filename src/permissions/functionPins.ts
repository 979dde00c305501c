import { decodeAbiParameters, toFunctionSelector, type AbiFunction, type AbiParameter } from 'viem'
import { parseFunctionSignature } from './functionSignature.js'
import { knownFunction, type KnownFunction, type Role } from './knownFunctions.js'
import type { FunctionScope } from './permission.js'

/** One pinned argument per position; undefined where any value is allowed. */
export type Pins = readonly (Pin | undefined)[]
export type Pin = { input: AbiParameter; value: unknown }

export type ReadFunction = { item: AbiFunction; pins: Pins; known: KnownFunction | undefined }

/** A function with its pinned arguments; undefined where it cannot be read. */
export function readFunction({ signature, args }: FunctionScope): ReadFunction | undefined {
  try {
    const item = parseFunctionSignature(signature)
    return { item, pins: decodePins(item, args), known: knownFunction(toFunctionSelector(item)) }
  } catch {
    return undefined
  }
}

function decodePins({ inputs }: AbiFunction, args: FunctionScope['args']): Pins {
  if (!args) return []
  if (args.length !== inputs.length) throw new Error('Pinned arguments do not fit the signature.')
  return inputs.map((input, index) => {
    const encoded = args[index]
    return encoded ? { input, value: decodeAbiParameters([input], encoded)[0] } : undefined
  })
}

export function pinOf(known: KnownFunction, pins: Pins, role: Role): Pin | undefined {
  return pins[known.roles.indexOf(role)]
}

/** `approve(…, 0)` and `setApprovalForAll(…, false)` end an approval. */
export function isTakingBack(known: KnownFunction | undefined, pins: Pins): boolean {
  if (!known) return false
  return pinOf(known, pins, 'approved')?.value === false || (known.act === 'approve' && pinOf(known, pins, 'amount')?.value === 0n)
}

export function takesBack(scope: FunctionScope): boolean {
  const read = readFunction(scope)
  return read !== undefined && isTakingBack(read.known, read.pins)
}

/** What one call of a known function moves or approves, where that is pinned. */
export function amountPinned(scope: FunctionScope): bigint | undefined {
  const read = readFunction(scope)
  const value = read?.known && pinOf(read.known, read.pins, 'amount')?.value
  return typeof value === 'bigint' ? value : undefined
}

/** A known function that moves or approves as much as the caller likes. */
export function freesAmount(scope: FunctionScope): boolean {
  const read = readFunction(scope)
  if (!read?.known) return false
  const position = read.known.roles.indexOf('amount')
  return position >= 0 && read.pins[position] === undefined
}
