import { decodeAbiParameters, encodeAbiParameters, size, slice, type Address, type Hex } from 'viem'
import { amountOf, contractNameOf, descriptionContext, nativeTokenOf, type DescribeOptions, type DescriptionContext } from './description.js'
import { describeFunction } from './describeFunction.js'
import { partyOf } from './describeValue.js'
import { parseFunctionSignature } from './functionSignature.js'
import { knownFunction } from './knownFunctions.js'
import type { FunctionScope } from './permission.js'

export type CallDescription = { summary: string; warnings: readonly string[] }

/** One call of the account itself, in words where the function is one that every token has. */
export function describeCall({ to, value, data }: { to: Address; value: bigint; data: Hex }, options: DescribeOptions = {}): CallDescription {
  const context = descriptionContext(options)
  const { messages } = context
  const amount = amountOf(context, nativeTokenOf(context), value)
  if (size(data) === 0) return { summary: messages.send({ amount, receiver: partyOf(context, to) }), warnings: [] }
  const { act, warnings } = actOf(context, to, data)
  return { summary: messages.summary({ act, qualifiers: value > 0n ? [messages.carrying(amount)] : [] }), warnings }
}

function actOf(context: DescriptionContext, to: Address, data: Hex): { act: string; warnings: readonly string[] } {
  const { messages } = context
  const contract = contractNameOf(context, to)
  if (size(data) < 4) return { act: messages.callFallback(contract), warnings: [] }
  const scope = knownScope(data)
  if (!scope) return { act: messages.callUnknown({ selector: slice(data, 0, 4), contract }), warnings: [] }
  const { act, warnings } = describeFunction(context, to, scope)
  return {
    act: 'whole' in act ? act.whole : messages.callOn({ functions: act.onContract, contract }),
    warnings: warnings.map((warning) => (warning === messages.approvalOutlives ? messages.approvalLasts : warning)),
  }
}

function knownScope(data: Hex): FunctionScope | undefined {
  const signature = knownFunction(slice(data, 0, 4))?.signature
  if (!signature) return undefined
  try {
    const { inputs } = parseFunctionSignature(signature)
    const values = decodeAbiParameters(inputs, slice(data, 4))
    return { signature, args: inputs.map((input, index) => encodeAbiParameters([input], [values[index]])) }
  } catch {
    return undefined
  }
}
