import { contractCall, defineSession, expiresIn } from 'react-session-keys'
import { erc20Abi, parseUnits, type Address } from 'viem'
import { router, routerAbi, usdc, weth } from './addresses.js'

/**
 * Swaps USDC for WETH through one router, and the proceeds can only go to the user's own account. The router takes what it was
 * approved for, so the approval is pinned to an amount and counted: ten times 50 USDC is the most that can ever leave.
 */
export function trading(account: Address) {
  const amount = parseUnits('50', 6)
  return defineSession({
    name: 'trading',
    expiry: expiresIn({ days: 7 }),
    permissions: [
      contractCall({ address: usdc, abi: erc20Abi, functions: [{ name: 'approve', args: [router, amount] }], callLimit: 10 }),
      contractCall({
        address: router,
        abi: routerAbi,
        // Amounts are free, the tokens and who receives them are not.
        functions: [{ name: 'swap', args: [usdc, weth, undefined, undefined, account] }],
        callLimit: 10,
      }),
    ],
  })
}
