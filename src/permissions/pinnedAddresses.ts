import type { AbiParameter, Address } from 'viem'
import { parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'
import { pinnedValues } from './pinnedValues.js'

/** More than these are not worth asking a node about. */
const mostAddresses = 20

/** The addresses that a function's arguments are pinned to, also inside structs and lists. */
export function pinnedAddresses({ signature, args }: FunctionScope): readonly Address[] {
  if (!args) return []
  try {
    const { inputs } = parseFunctionSignature(signature)
    const values = pinnedValues(inputs, args)
    return inputs.flatMap((input, index) => (values[index] === undefined ? [] : addressesIn(input, values[index]))).slice(0, mostAddresses)
  } catch {
    return []
  }
}

function addressesIn(input: AbiParameter, value: unknown): readonly Address[] {
  if (input.type === 'address') return [value as Address]
  if (input.type.endsWith(']')) {
    const element = { ...input, type: input.type.slice(0, input.type.lastIndexOf('[')) }
    return (value as readonly unknown[]).slice(0, mostAddresses).flatMap((one) => addressesIn(element, one))
  }
  return 'components' in input ? input.components.flatMap((member, index) => addressesIn(member, (value as readonly unknown[])[index])) : []
}
