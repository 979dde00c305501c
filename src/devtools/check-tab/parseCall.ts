import { encodeFunctionData, isAddress, isHex, parseUnits, type AbiFunction, type AbiParameter, type Address, type Hex } from 'viem'
import { parseFunctionSignature, plainFunctionSignature } from '../../permissions/functionSignature.js'
import type { CallDraft } from './callDraft.js'

export type TypedCall = { to: Address; value: bigint; data: Hex; functionName?: string | undefined }

export type CallField = 'to' | 'signature' | 'arguments' | 'data' | 'value'

export type ParsedCall = { call: TypedCall } | { problem: { field: CallField; message: string } }

/** What was typed, as the call that would be sent; or what cannot be read of it. */
export function parseCall(draft: CallDraft): ParsedCall {
  const to = draft.to.trim()
  if (!isAddress(to, { strict: false })) return problem('to', 'This is no address: 0x and 40 hex digits.')
  const value = parseValue(draft.value)
  if (value === undefined) return problem('value', 'Write an amount of the native token, such as 0.05.')
  if (draft.by === 'calldata') {
    const data = draft.data.trim() || '0x'
    return isHex(data) && data.length % 2 === 0 ? { call: { to, value, data } } : problem('data', 'Calldata is 0x and whole bytes in hex.')
  }
  if (draft.signature.trim() === '') return { call: { to, value, data: '0x' } }
  const item = readFunction(draft.signature)
  if (!item) return problem('signature', 'Write it as in Solidity, name and arguments only: mint(address to).')
  try {
    const args = item.inputs.map((input, index) => readArgument(input, draft.args[index] ?? ''))
    return { call: { to, value, data: encodeFunctionData({ abi: [item], functionName: item.name, args }), functionName: item.name } }
  } catch (error) {
    const { shortMessage, message } = error as { shortMessage?: string; message: string }
    return problem('arguments', shortMessage ?? message)
  }
}

/** Undefined where it is not, or not yet, a signature. */
export function readFunction(signature: string): AbiFunction | undefined {
  try {
    return parseFunctionSignature(plainFunctionSignature(signature))
  } catch {
    return undefined
  }
}

/** `to: address`, for the field that takes it. */
export function argumentLabel({ name, type }: AbiParameter, index: number): string {
  return `${name || `argument ${index + 1}`}: ${type}`
}

/** Lists and tuples are written as JSON, everything else as it is. */
function readArgument(parameter: AbiParameter, text: string): unknown {
  if (parameter.type.endsWith(']') || parameter.type.startsWith('tuple')) {
    let value: unknown
    try {
      // A number of more than 53 bits would lose its last digits.
      value = JSON.parse(text.replaceAll(/(?<=[[,:]\s*)-?\d{16,}(?=\s*[\],}])/g, '"$&"'))
    } catch {
      throw new Error(`${argumentLabel(parameter, 0)} is written as JSON, such as ["1", "2"].`)
    }
    return readValue(parameter, value)
  }
  return readValue(parameter, text.trim())
}

function readValue(parameter: AbiParameter, value: unknown): unknown {
  const item = /^(.*)\[\d*\]$/.exec(parameter.type)?.[1]
  if (item !== undefined) return Array.isArray(value) ? value.map((one) => readValue({ ...parameter, type: item }, one)) : value
  if ('components' in parameter && typeof value === 'object' && value !== null) {
    // By name or by position.
    const fields = parameter.components.map((one, index) => [one.name || String(index), readValue(one, (value as Record<string, unknown>)[Array.isArray(value) ? index : (one.name ?? index)])] as const)
    return parameter.components.every(({ name }) => name) ? Object.fromEntries(fields) : fields.map(([, one]) => one)
  }
  if (/^u?int/.test(parameter.type)) return readInteger(parameter, value)
  if (parameter.type !== 'bool' || typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw new Error(`${argumentLabel(parameter, 0)} is true or false.`)
}

function readInteger(parameter: AbiParameter, value: unknown): bigint {
  const text = String(value).replaceAll('_', '').trim()
  if (/^(-?\d+|0x[0-9a-f]+)$/i.test(text)) return BigInt(text)
  throw new Error(`${argumentLabel(parameter, 0)} is a whole number, in the smallest unit.`)
}

function parseValue(text: string): bigint | undefined {
  const value = text.trim() || '0'
  return /^\d+(\.\d{1,18})?$/.test(value) ? parseUnits(value, 18) : undefined
}

function problem(field: CallField, message: string): ParsedCall {
  return { problem: { field, message } }
}
