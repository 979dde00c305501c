import { contractNameOf, descriptionContext, type DescribeOptions } from './description.js'
import { functionNameOf } from './functionNameOf.js'
import type { Risk } from './risks.js'

/** A risk in a sentence. */
export function describeRisk({ kind, contract, signature }: Risk, options: DescribeOptions = {}): string {
  const context = descriptionContext(options)
  const { messages } = context
  const named = contract === undefined ? '' : contractNameOf(context, contract)
  const name = functionNameOf(signature)
  switch (kind) {
    case 'whole-contract':
      return messages.wholeContractWarning(named)
    case 'unknown-contract':
      return messages.unknownContract(named)
    case 'unreadable-function':
      return messages.unreadable
    case 'approval':
      return messages.approvalOutlives
    case 'free-amount':
      return messages.freeArguments({ name, free: messages.freeAmount, each: [messages.freeAmount] })
    case 'controls-contract':
      return messages.controlsContract(name)
    case 'runs-other-calls':
      return messages.runsOtherCalls(name)
    case 'unlimited-amount':
      return messages.unlimitedAmount
    case 'far-expiry':
      return messages.farExpiry
    default:
      return kind satisfies never
  }
}
