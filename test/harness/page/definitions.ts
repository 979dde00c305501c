import { contractCall, defineSession, erc20Allowance, expiresIn, type SessionDefinition } from 'react-session-keys'
import { parseUnits } from 'viem'
import { swordAbi } from '../../../demo/contracts/artifacts.js'
import type { HarnessInfo } from './harnessApi.js'

export function shopping({ sword, gold }: HarnessInfo, name = 'shopping'): SessionDefinition {
  return defineSession({
    name,
    expiry: expiresIn({ days: 3 }),
    permissions: [
      contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
      erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
    ],
  })
}
