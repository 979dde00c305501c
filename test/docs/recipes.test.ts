import { expect, test } from 'vitest'
import { resolveRequest } from '../../src/permissions/resolveRequest.js'
import { validatePermissions } from '../../src/permissions/validatePermissions.js'
import { isFrameworkContract } from '../../src/delegation/framework.js'
import { playing } from './example/recipes/game.js'
import { subscription } from './example/recipes/subscriptionTerms.js'
import { trading } from './example/recipes/tradingBot.js'

const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const now = 1_800_000_000

test.each([playing, subscription, trading(account)])('the recipe "$name" asks for nothing that would be refused', (definition) => {
  const { permissions, expiry } = resolveRequest(definition, now)
  expect(() => validatePermissions({ permissions, account, isEngineContract: isFrameworkContract, now })).not.toThrow()
  expect(expiry).toBeGreaterThan(now)
})
