import { toFunctionSelector, type AbiFunction, type Hex } from 'viem'

/** What each argument of a token function means, by position; the names in a signature are the app's own. */
export type KnownFunction =
  | { type: 'approve' | 'raise-approval'; spender: number; amount: number }
  | { type: 'approve-all'; operator: number; approved: number }
  | { type: 'transfer'; receiver: number; amount: number }
  | { type: 'transfer-from'; owner: number; receiver: number; amount: number }

const knownFunctions: { readonly [signature: string]: KnownFunction } = {
  'approve(address,uint256)': { type: 'approve', spender: 0, amount: 1 },
  'increaseAllowance(address,uint256)': { type: 'raise-approval', spender: 0, amount: 1 },
  'increaseApproval(address,uint256)': { type: 'raise-approval', spender: 0, amount: 1 },
  'setApprovalForAll(address,bool)': { type: 'approve-all', operator: 0, approved: 1 },
  'transfer(address,uint256)': { type: 'transfer', receiver: 0, amount: 1 },
  'transferFrom(address,address,uint256)': { type: 'transfer-from', owner: 0, receiver: 1, amount: 2 },
}

export function knownFunction({ name, inputs }: AbiFunction): KnownFunction | undefined {
  return knownFunctions[`${name}(${inputs.map(({ type }) => type).join(',')})`]
}

/** For calldata that comes without a signature. */
export function knownSignature(selector: Hex): string | undefined {
  return Object.keys(knownFunctions).find((signature) => toFunctionSelector(`function ${signature}`) === selector)
}

/** Lets somebody else move what the account holds, now or later. By name, so that every variant counts. */
export function isApproval(name: string): boolean {
  return /^(approve|increaseAllowance|increaseApproval|permit|setApprovalForAll|authorizeOperator)/i.test(name)
}

export function controlsContract(name: string): boolean {
  return /^(upgradeTo|transferOwnership|setOwner|renounceOwnership|grantRole|changeAdmin|setAdmin|setImplementation)/i.test(name)
}

export function runsOtherCalls(name: string): boolean {
  return /^(execute|exec|multicall|aggregate|delegatecall|batch)/i.test(name)
}
