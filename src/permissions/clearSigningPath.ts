import { hexToBigInt, numberToHex, size, slice, stringToHex, type AbiParameter, type Hex } from 'viem'

/** One step of a path: into a struct, to one element, or over a part of an array or of bytes (the end is exclusive). */
type Step = { kind: 'name'; name: string } | { kind: 'index'; index: number } | { kind: 'slice'; start: number | undefined; end: number | undefined }

/** `#` arguments, `@` the transaction around them, `$` the file itself; undefined: relative. */
export type Path = { root: '#' | '@' | '$' | undefined; steps: readonly Step[] }

/** A value with its type. A part of bytes or of a number is `slice`, in hex. */
export type Found = { type: string; value: unknown }

/** `many` where the path runs over an array: one entry for each element. */
export type FoundAt = { many: boolean; found: readonly Found[] }

const longestPath = 200
const mostSteps = 12
/** A longer list is shown as it is, not element by element. */
const mostElements = 10

/** Undefined where a text is no path of this kind. @see ERC-7730, "Path references" */
export function readPath(text: string): Path | undefined {
  if (text.length > longestPath) return undefined
  const [prefix = '', root] = /^([#$@])(?:\.|$)/.exec(text) ?? []
  const rest = text.slice(prefix.length)
  const steps: Step[] = []
  for (const part of rest === '' ? [] : rest.split('.')) {
    const read = readPart(part)
    if (!read || steps.length + read.length > mostSteps) return undefined
    steps.push(...read)
  }
  return { root: root as Path['root'], steps }
}

/** `name`, `[0]`, `[-20:]`, `[]`; also `name[0]`, which the ERC's own examples write. */
function readPart(part: string): Step[] | undefined {
  const [, name, brackets = ''] = /^([A-Za-z_][A-Za-z0-9_]*)?((?:\[[^[\]]{0,20}\])*)$/.exec(part) ?? []
  if (name === undefined && brackets === '') return undefined
  const steps: Step[] = name === undefined ? [] : [{ kind: 'name', name }]
  for (const [, inside = ''] of brackets.matchAll(/\[([^[\]]*)\]/g)) {
    const read = /^(?:(-?\d{1,9})|(?:(-?\d{1,9})?:(-?\d{1,9})?)?)$/.exec(inside)
    if (!read) return undefined
    const [index, start, end] = read.slice(1).map((digits: string | undefined) => (digits === undefined ? undefined : Number(digits)))
    steps.push(index === undefined ? { kind: 'slice', start, end } : { kind: 'index', index })
  }
  return steps
}

/** What stands at a path of arguments; undefined where that is nothing, or is free. */
export function findValues(inputs: readonly AbiParameter[], values: readonly unknown[], steps: readonly Step[]): FoundAt | undefined {
  const [first, ...rest] = steps
  const position = first?.kind === 'name' ? positionOf(inputs, first.name) : undefined
  if (position === undefined || values[position] === undefined) return undefined
  return walk(inputs[position] as AbiParameter, values[position], rest)
}

/** The whole argument that a path begins with, wherever the rest of it leads. */
export function findArgument(inputs: readonly AbiParameter[], values: readonly unknown[], path: string): FoundAt | undefined {
  const [, name = ''] = /^(?:#\.)?([A-Za-z_][A-Za-z0-9_]*)/.exec(path) ?? []
  const position = positionOf(inputs, name)
  if (position === undefined || values[position] === undefined) return undefined
  return { many: false, found: [{ type: (inputs[position] as AbiParameter).type, value: values[position] }] }
}

function positionOf(inputs: readonly AbiParameter[], name: string): number | undefined {
  const position = inputs.findIndex((input) => input.name === name)
  return position >= 0 && !inputs.some((input, other) => other !== position && input.name === name) ? position : undefined
}

function walk(input: AbiParameter, value: unknown, [step, ...rest]: readonly Step[]): FoundAt | undefined {
  const element = elementOf(input)
  if (!element) {
    if (step === undefined) return { many: false, found: [{ type: input.type, value }] }
    if (step.kind === 'name') {
      const members = 'components' in input ? input.components : []
      const position = positionOf(members, step.name)
      return position === undefined ? undefined : walk(members[position] as AbiParameter, (value as readonly unknown[])[position], rest)
    }
    const part = step.kind === 'slice' && rest.length === 0 ? partOf(input.type, value, step) : undefined
    return part && { many: false, found: [part] }
  }

  const elements = value as readonly unknown[]
  if (step?.kind === 'name') return undefined
  if (step?.kind === 'index') {
    const index = step.index < 0 ? elements.length + step.index : step.index
    return index in elements ? walk(element, elements[index], rest) : undefined
  }
  const chosen = step ? elements.slice(step.start, step.end) : elements
  if (chosen.length > mostElements) return undefined
  const found = chosen.map((one) => walk(element, one, rest))
  if (found.some((one) => one === undefined)) return undefined
  const all = found.flatMap((one) => one?.found ?? [])
  return all.length > mostElements ? undefined : { many: true, found: all }
}

function elementOf(input: AbiParameter): AbiParameter | undefined {
  return input.type.endsWith(']') ? { ...input, type: input.type.slice(0, input.type.lastIndexOf('[')) } : undefined
}

/** Bytes from `start` up to, not including, `end`. Of numbers only those are taken whose bytes nobody counts differently. */
function partOf(type: string, value: unknown, { start, end }: { start: number | undefined; end: number | undefined }): Found | undefined {
  const whole =
    type === 'uint256' ? numberToHex(value as bigint, { size: 32 }) : /^bytes\d*$/.test(type) ? (value as Hex) : type === 'string' ? stringToHex(value as string) : undefined
  if (whole === undefined) return undefined
  const length = size(whole)
  const place = (at: number) => Math.max(0, Math.min(length, at < 0 ? length + at : at))
  const [from, to] = [place(start ?? 0), place(end ?? length)]
  if (from >= to) return undefined
  const part = slice(whole, from, to)
  return type === 'uint256' ? { type: 'slice of uint256', value: part } : { type: 'slice', value: part }
}

export function integerOf({ type, value }: Found): bigint | undefined {
  if (type === 'slice of uint256') return hexToBigInt(value as Hex)
  return /^u?int\d*$/.test(type) ? BigInt(value as bigint | number) : undefined
}

/** An address, or twenty bytes that can only be one. */
export function addressOf({ type, value }: Found): Hex | undefined {
  if (type !== 'address' && type !== 'bytes20' && !type.startsWith('slice')) return undefined
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? (value as Hex) : undefined
}
