import {
  encodeAbiParameters,
  toFunctionSelector,
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type Hex,
} from 'viem'
import { InvalidPermissionError } from './errors.js'
import { functionSignature, parseFunctionSignature } from './functionSignature.js'
import type { ContractCallPermission, FunctionScope, UnixSeconds } from './permission.js'

type Mutability = 'nonpayable' | 'payable'

type PinnedArguments<args> = { readonly [index in keyof args]: args[index] | undefined }

/** A function by name, by full signature where the name is overloaded, or with arguments pinned. */
export type ContractCallFunction<abi extends Abi | readonly unknown[]> = abi extends Abi
  ? Abi extends abi
    ? string | { name: string; args?: readonly unknown[] | undefined }
    : | ContractFunctionName<abi, Mutability>
      | `${ContractFunctionName<abi, Mutability>}(${string})`
      | {
          [name in ContractFunctionName<abi, Mutability>]: {
            name: name | `${name}(${string})`
            args?: PinnedArguments<ContractFunctionArgs<abi, Mutability, name>> | undefined
          }
        }[ContractFunctionName<abi, Mutability>]
  : string | { name: string; args?: readonly unknown[] | undefined }

export type ContractCallParameters<abi extends Abi | readonly unknown[] = Abi> = {
  address: Address
  abi: abi
  /** Left out: the whole contract, and the consent says so. */
  functions?: readonly ContractCallFunction<abi>[] | undefined
  /** How many calls in all. */
  callLimit?: number | undefined
  /** Native token one call may carry, in wei. Default 0. */
  valueLimit?: bigint | undefined
  startTime?: UnixSeconds | undefined
  optional?: boolean | undefined
}

/**
 * Calls of one contract. Given arguments are pinned on-chain by equality; `undefined` allows any value. `args: []` pins a
 * function without arguments to its four bytes and nothing after them.
 * @throws {InvalidPermissionError} a name that the ABI lacks, or has more than once
 */
export function contractCall<const abi extends Abi | readonly unknown[]>(
  parameters: ContractCallParameters<abi>,
): ContractCallPermission {
  const { address, callLimit, valueLimit = 0n, startTime, optional } = parameters
  const abi = parameters.abi as Abi
  const functions = parameters.functions as readonly (string | { name: string; args?: readonly unknown[] })[] | undefined
  return {
    type: 'contract-call',
    address,
    ...(functions ? { functions: functions.map((given) => functionScope(abi, given)) } : {}),
    ...(callLimit === undefined ? {} : { callLimit }),
    valueLimit,
    ...(startTime === undefined ? {} : { startTime }),
    ...(optional ? { optional } : {}),
  }
}

function functionScope(abi: Abi, given: string | { name: string; args?: readonly unknown[] }): FunctionScope {
  const { name, args } = typeof given === 'string' ? { name: given, args: undefined } : given
  const item = findFunction(abi, name)
  const signature = functionSignature(item)
  if (!args || (item.inputs.length > 0 && args.every((value) => value === undefined))) return { signature }
  if (args.length > item.inputs.length) {
    throw new InvalidPermissionError(`${signature} takes ${item.inputs.length} arguments, ${args.length} are pinned.`)
  }
  return {
    signature,
    args: item.inputs.map((input, index) => (args[index] === undefined ? null : encodeArgument(input, args[index]))),
  }
}

function encodeArgument(input: AbiParameter, value: unknown): Hex {
  try {
    return encodeAbiParameters([input], [value])
  } catch (cause) {
    throw new InvalidPermissionError(`A pinned argument is not a ${input.type}.`, { cause: cause as Error })
  }
}

function findFunction(abi: Abi, name: string): AbiFunction {
  const functions = abi.filter((item): item is AbiFunction => item.type === 'function')
  const selector = name.includes('(') ? toFunctionSelector(parseFunctionSignature(name)) : undefined
  const found = functions.filter((item) => (selector ? toFunctionSelector(item) === selector : item.name === name))
  if (found.length === 1 && found[0]) return found[0]
  throw new InvalidPermissionError(
    found.length === 0 ? `The ABI has no function ${name}.` : `The ABI has ${found.length} functions named ${name}.`,
    { metaMessages: [found.length === 0 ? 'Check the spelling.' : `Give the signature: ${found.map(functionSignature).join(' or ')}.`] },
  )
}
