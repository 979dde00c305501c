import { encodeFunctionData } from 'viem'
import { delegationManagerAbi } from './abis.js'
import type { Delegation } from './delegation.js'
import { framework } from './framework.js'
import type { Execution } from './redeem.js'

/** What ends a delegation for good, when its delegator makes it. Whatever was handed on from it ends with it. */
export function disableCall(delegation: Delegation): Execution {
  return {
    to: framework.DelegationManager,
    value: 0n,
    data: encodeFunctionData({ abi: delegationManagerAbi, functionName: 'disableDelegation', args: [delegation] }),
  }
}
