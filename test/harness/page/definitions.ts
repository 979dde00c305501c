import { contractCall } from '../../../src/permissions/contractCall.js'
import { defineSession, type SessionDefinition } from '../../../src/permissions/defineSession.js'
import { expiresIn, type DurationParts } from '../../../src/permissions/expiry.js'
import { erc20Allowance } from '../../../src/permissions/tokenPermissions.js'
import { parseUnits } from 'viem'
import { swordAbi } from '../../../demo/contracts/artifacts.js'
import type { HarnessInfo } from './harnessApi.js'

export function shopping({ sword, gold }: HarnessInfo, name = 'shopping', lasting: DurationParts = { days: 3 }): SessionDefinition {
  return defineSession({
    name,
    expiry: expiresIn(lasting),
    permissions: [
      contractCall({ address: sword, abi: swordAbi, functions: ['mint'], callLimit: 50 }),
      erc20Allowance({ token: gold, limit: parseUnits('1000', 18) }),
    ],
  })
}
