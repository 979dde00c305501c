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
  return input.name && isReadable(input.name) ? `${type} ${input.name}` : type
}

/** Other compilers allow names that the signature's own grammar reserves; without the name the types still say it all. */
function isReadable(name: string): boolean {
  return parse(`f(uint256 ${name})`) !== undefined
}

/**
 * Reads `name(types)` and nothing after it: what follows the arguments could hide them from whoever reads the text.
 * @throws {InvalidPermissionError} text that is not a function signature
 */
export function parseFunctionSignature(signature: string): AbiFunction {
  const item = endsWithItsArguments(signature) ? parse(signature) : undefined
  if (item) return item
  throw new InvalidPermissionError(`"${signature.slice(0, 120)}" is not a function signature.`, {
    metaMessages: ['Write it as in Solidity, name and arguments only: mint(address to).'],
  })
}

/** `function mint(address to) external returns (uint256)` is `mint(address to)`. @throws {InvalidPermissionError} */
export function plainFunctionSignature(text: string): string {
  const item = parse(text.trim().replace(/^function\s+/, ''))
  return item ? functionSignature(item) : functionSignature(parseFunctionSignature(text))
}

function parse(signature: string): AbiFunction | undefined {
  try {
    const item = parseAbiItem(`function ${signature}` as 'function f()') as AbiFunction
    return item.type === 'function' ? item : undefined
  } catch {
    return undefined
  }
}

function endsWithItsArguments(signature: string): boolean {
  let depth = 0
  for (const [index, character] of [...signature].entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ')' && depth === 0) return index === [...signature].length - 1
  }
  return false
}
