import { parseAbi, type Address } from 'viem'
import type { GrantRequest } from '../../../src/dialects/dialect.js'
import { contractCall } from '../../../src/permissions/contractCall.js'
import type { Permission } from '../../../src/permissions/permission.js'
import { erc20Allowance, erc20Periodic, erc20Stream, erc721Transfer, nativeAllowance, nativePeriodic, nativeStream } from '../../../src/permissions/tokenPermissions.js'

export const account: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
export const delegate: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const payee: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)'])
export const startTime = 1_900_000_000
export const expiry = startTime + 259_200

/** One of each; the dialects' tests take what their wallet can say. */
export const askable = {
  call: contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }),
  pinned: contractCall({ address: sword, abi, functions: ['mint', { name: 'burn', args: [7n] }] }),
  whole: contractCall({ address: sword, abi }),
  allowance: erc20Allowance({ token: gold, limit: 1000n, payee }),
  periodic: erc20Periodic({ token: gold, limit: 1000n, period: { days: 1 }, startTime }),
  stream: erc20Stream({ token: gold, initial: 10n, perSecond: 20n, max: 3000n, startTime }),
  nativeAllowance: nativeAllowance({ limit: 1000n }),
  nativePeriodic: nativePeriodic({ limit: 1000n, period: { days: 1 }, startTime, payee }),
  nativeStream: nativeStream({ initial: 10n, perSecond: 20n, max: 3000n, startTime }),
  nft: erc721Transfer({ token: sword, tokenId: 7n }),
} as const satisfies Record<string, Permission>

export function requestFor(permissions: readonly Permission[]): GrantRequest {
  return { chainId: 31_337, account, delegate, permissions, expiry }
}
