import {
  concatHex,
  decodeAbiParameters,
  encodeAbiParameters,
  size,
  slice,
  toFunctionSelector,
  type AbiFunction,
  type AbiParameter,
  type Hex,
} from 'viem'
import { InvalidPermissionError, UnpinnableArgumentError } from './errors.js'
import { parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'

/** What a call's bytes must be: the selector and some ranges, or the whole calldata. */
export type CalldataScope =
  | { type: 'selector'; selector: Hex }
  | { type: 'ranges'; selector: Hex; ranges: readonly { start: number; value: Hex }[] }
  | { type: 'exact'; selector: Hex; data: Hex }

/**
 * @throws {InvalidPermissionError} no signature, or arguments that do not fit it
 * @throws {UnpinnableArgumentError} a dynamic argument pinned while another is free
 */
export function calldataScope({ signature, args }: FunctionScope): CalldataScope {
  const item = parseFunctionSignature(signature)
  const selector = toFunctionSelector(item)
  if (!args || (item.inputs.length > 0 && args.every((value) => value === null))) return { type: 'selector', selector }
  if (args.length !== item.inputs.length) {
    throw new InvalidPermissionError(`${signature} takes ${item.inputs.length} arguments, ${args.length} are pinned.`)
  }
  if (args.every((value) => value !== null)) return { type: 'exact', selector, data: exactCalldata(item, args, selector) }

  const ranges: { start: number; value: Hex }[] = []
  let start = 4
  item.inputs.forEach((input, index) => {
    const width = staticSize(input)
    const value = args[index]
    if (value) {
      if (width === undefined) throw new UnpinnableArgumentError({ signature, index })
      ranges.push({ start, value: canonical(input, value) })
    }
    start += width ?? 32
  })
  return { type: 'ranges', selector, ranges }
}

export function calldataFits(scope: CalldataScope, data: Hex): 'fits' | 'other-function' | 'other-argument' {
  if (size(data) < 4 || slice(data, 0, 4).toLowerCase() !== scope.selector) return 'other-function'
  switch (scope.type) {
    case 'selector':
      return 'fits'
    case 'exact':
      return data.toLowerCase() === scope.data.toLowerCase() ? 'fits' : 'other-argument'
    case 'ranges':
      return scope.ranges.every(({ start, value }) => {
        const end = start + size(value)
        return size(data) >= end && slice(data, start, end).toLowerCase() === value.toLowerCase()
      })
        ? 'fits'
        : 'other-argument'
    default:
      return scope satisfies never
  }
}

function exactCalldata(item: AbiFunction, args: readonly Hex[], selector: Hex): Hex {
  const values = item.inputs.map((input, index) => decodeOne(input, args[index] as Hex))
  return concatHex([selector, encode(item.inputs, values)])
}

function canonical(input: AbiParameter, value: Hex): Hex {
  return encode([input], [decodeOne(input, value)])
}

function encode(inputs: readonly AbiParameter[], values: readonly unknown[]): Hex {
  try {
    return encodeAbiParameters(inputs, values)
  } catch (cause) {
    throw new InvalidPermissionError('A pinned argument is out of range.', { cause: cause as Error })
  }
}

function decodeOne(input: AbiParameter, value: Hex): unknown {
  try {
    return decodeAbiParameters([input], value)[0]
  } catch (cause) {
    throw new InvalidPermissionError(`A pinned argument is not an encoded ${input.type}.`, { cause: cause as Error })
  }
}

/** Bytes that a type takes in the head of the calldata; undefined for a type of dynamic length. */
function staticSize(input: AbiParameter): number | undefined {
  const array = /^(.*)\[(\d*)\]$/.exec(input.type)
  if (array) {
    if (array[2] === '') return undefined
    const one = staticSize({ ...input, type: array[1] as string })
    return one === undefined ? undefined : one * Number(array[2])
  }
  if (input.type === 'string' || input.type === 'bytes') return undefined
  if (!('components' in input)) return 32
  let total = 0
  for (const component of input.components) {
    const width = staticSize(component)
    if (width === undefined) return undefined
    total += width
  }
  return total
}
