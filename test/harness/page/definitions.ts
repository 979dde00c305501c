import { contractCall } from '../../../src/permissions/contractCall.js'
import { defineSession, type SessionDefinition } from '../../../src/permissions/defineSession.js'
import { expiresIn } from '../../../src/permissions/expiry.js'
import { erc20Allowance } from '../../../src/permissions/tokenPermissions.js'
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
