import { toFunctionSelector, toFunctionSignature, type AbiFunction, type Hex } from 'viem'

/** What one argument means. */
export type Role = 'spender' | 'operator' | 'approved' | 'receiver' | 'owner' | 'amount' | 'tokenId'

type Row = {
  /** Left out: it has no words of its own and is called by its name. */
  act?: 'approve' | 'raise-approval' | 'approve-all' | 'transfer' | 'transfer-from'
  /** By position, whatever the signature calls them: the names in it are the app's own. */
  roles: readonly (Role | undefined)[]
}

export type KnownFunction = Row & { signature: string }

/** Functions that move what an account holds, let others move it, or run other calls. */
const rows: Readonly<Record<string, Row>> = {
  // ERC-20, and what tokens added to it
  'transfer(address,uint256)': { act: 'transfer', roles: ['receiver', 'amount'] },
  'transferFrom(address,address,uint256)': { act: 'transfer-from', roles: ['owner', 'receiver', 'amount'] },
  'approve(address,uint256)': { act: 'approve', roles: ['spender', 'amount'] },
  'increaseAllowance(address,uint256)': { act: 'raise-approval', roles: ['spender', 'amount'] },
  'increaseApproval(address,uint256)': { act: 'raise-approval', roles: ['spender', 'amount'] },
  'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)': { roles: [] },
  'permit(address,address,uint256,uint256,bytes)': { roles: [] },
  'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)': { roles: [] },
  'burn(uint256)': { roles: ['amount'] },
  'burn(address,uint256)': { roles: ['owner', 'amount'] },
  'burnFrom(address,uint256)': { roles: ['owner', 'amount'] },
  'push(address,uint256)': { roles: ['receiver', 'amount'] },
  'move(address,address,uint256)': { roles: ['owner', 'receiver', 'amount'] },
  // ERC-1363, ERC-677
  'transferAndCall(address,uint256)': { roles: ['receiver', 'amount'] },
  'transferAndCall(address,uint256,bytes)': { roles: ['receiver', 'amount'] },
  'transferFromAndCall(address,address,uint256)': { roles: ['owner', 'receiver', 'amount'] },
  'transferFromAndCall(address,address,uint256,bytes)': { roles: ['owner', 'receiver', 'amount'] },
  'approveAndCall(address,uint256)': { roles: ['spender', 'amount'] },
  'approveAndCall(address,uint256,bytes)': { roles: ['spender', 'amount'] },
  // ERC-777
  'send(address,uint256,bytes)': { roles: ['receiver', 'amount'] },
  'operatorSend(address,address,uint256,bytes,bytes)': { roles: ['owner', 'receiver', 'amount'] },
  'burn(uint256,bytes)': { roles: ['amount'] },
  'authorizeOperator(address)': { roles: ['operator'] },
  // ERC-721, ERC-1155, ERC-6909
  'setApprovalForAll(address,bool)': { act: 'approve-all', roles: ['operator', 'approved'] },
  'safeTransferFrom(address,address,uint256)': { roles: ['owner', 'receiver', 'tokenId'] },
  'safeTransferFrom(address,address,uint256,bytes)': { roles: ['owner', 'receiver', 'tokenId'] },
  'safeTransferFrom(address,address,uint256,uint256,bytes)': { roles: ['owner', 'receiver', 'tokenId', 'amount'] },
  'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)': { roles: ['owner', 'receiver', 'tokenId', 'amount'] },
  'burn(address,uint256,uint256)': { roles: ['owner', 'tokenId', 'amount'] },
  'burnBatch(address,uint256[],uint256[])': { roles: ['owner', 'tokenId', 'amount'] },
  'transfer(address,uint256,uint256)': { roles: ['receiver', 'tokenId', 'amount'] },
  'transferFrom(address,address,uint256,uint256)': { roles: ['owner', 'receiver', 'tokenId', 'amount'] },
  'approve(address,uint256,uint256)': { roles: ['spender', 'tokenId', 'amount'] },
  'setOperator(address,bool)': { roles: ['operator', 'approved'] },
  // ERC-4626: amounts of the token in the vault, so not in the vault's own units
  'withdraw(uint256,address,address)': { roles: [undefined, 'receiver', 'owner'] },
  'redeem(uint256,address,address)': { roles: ['amount', 'receiver', 'owner'] },
  // Permit2: amounts of the token that it names
  'approve(address,address,uint160,uint48)': { roles: [undefined, 'spender'] },
  'transferFrom(address,address,uint160,address)': { roles: ['owner', 'receiver'] },
  // Any contract
  'multicall(bytes[])': { roles: [] },
  'multicall(uint256,bytes[])': { roles: [] },
  'execute(address,uint256,bytes)': { roles: [] },
  'execute(bytes32,bytes)': { roles: [] },
  'transferOwnership(address)': { roles: [] },
  'grantRole(bytes32,address)': { roles: [] },
  'upgradeTo(address)': { roles: [] },
  'upgradeToAndCall(address,bytes)': { roles: [] },
}

const bySelector: ReadonlyMap<Hex, KnownFunction> = new Map(
  Object.entries(rows).map(([signature, row]) => [toFunctionSelector(`function ${signature}`), { signature, ...row }]),
)

export function knownFunction(selector: Hex): KnownFunction | undefined {
  return bySelector.get(selector)
}

/**
 * The known function that a contract would run instead of this one. It sees four bytes and no name, and whoever chooses
 * the name can find one with the same four: `join_tg_invmru_haha_fd06787(address,bool)` is `transfer`.
 */
export function impersonated(item: AbiFunction): KnownFunction | undefined {
  const known = knownFunction(toFunctionSelector(item))
  return known && known.signature !== toFunctionSignature(item) ? known : undefined
}

/** Lets somebody else move what the account holds, now or later. By name, so that every variant counts. */
export function isApproval(name: string): boolean {
  return /^(approve|increaseAllowance|increaseApproval|permit|setApprovalForAll|authorizeOperator|setOperator)/i.test(name)
}

export function controlsContract(name: string): boolean {
  return /^(upgrade(To|Beacon)|transferOwnership|setOwner|renounceOwnership|grantRole|changeAdmin|changeProxyAdmin|setAdmin|setImplementation|changeImplementation)/i.test(name)
}

export function runsOtherCalls(name: string): boolean {
  return /^(execute|exec|multicall|tryMulticall|aggregate|tryAggregate|delegatecall|functionDelegateCall|batch|simulateAndRevert|invoke|forward)/i.test(name)
}
