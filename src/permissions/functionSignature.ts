import { parseAbiItem, type AbiFunction, type AbiParameter } from 'viem'
import { InvalidPermissionError } from './errors.js'

/** `mint(address to)`: canonical types, with the names that people read. */
export function functionSignature(item: AbiFunction): string {
  return `${item.name}(${item.inputs.map(parameter).join(', ')})`
}

function parameter(input: AbiParameter): string {
  const type =
    'components' in input && input.type.startsWith('tuple')
      ? `(${input.components.map(parameter).join(', ')})${input.type.slice('tuple'.length)}`
      : input.type
  return input.name ? `${type} ${input.name}` : type
}

/** @throws {InvalidPermissionError} text that is not a function signature */
export function parseFunctionSignature(signature: string): AbiFunction {
  try {
    const item = parseAbiItem(`function ${signature}` as 'function f()') as AbiFunction
    if (item.type === 'function') return item
  } catch {
    // said below, with the text that was given
  }
  throw new InvalidPermissionError(`"${signature.slice(0, 120)}" is not a function signature.`, {
    metaMessages: ['Write it as in Solidity: mint(address to).'],
  })
}
