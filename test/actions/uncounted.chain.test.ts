import { afterAll, beforeAll, expect, test } from 'vitest'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { planCalls } from '../../src/actions/checkCalls.js'
import { readSessionUsage } from '../../src/actions/getPermissionUsage.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { clampProblem } from '../../src/permissions/clampProblem.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { defineSession } from '../../src/permissions/defineSession.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import type { Session } from '../../src/sessions/session.js'
import { startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => {
  world = await startShop()
})
afterAll(() => world.stop())

test('a session held to two calls whose delegation counts none makes no call at all: how many were made nobody knows', async () => {
  const mints = contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'] })
  const definition = defineSession({ name: 'mints', expiry: expiresIn({ days: 1 }), permissions: [mints] })
  const granted = (await world.grant(definition)).session
  // As older versions of the kit clamped it.
  const held: Session = { ...granted, granted: granted.granted.map((one) => ({ ...one, within: { ...mints, callLimit: 2 } })) }
  const { permissions, counted } = await readSessionUsage(world.config, held)
  expect({ calls: permissions[0]?.calls, counted }).toEqual({ calls: { limit: 2, left: undefined, atOnce: 0 }, counted: false })
  expect(await planCalls(world.config, held, encodeSessionCalls([world.mint]))).toMatchObject({ error: { name: 'CallLimitExceededError', by: 'check' } })
  expect(await readSessionUsage(world.config, granted)).toMatchObject({ counted: true })
})

test('and such a one is not clamped any more', () => {
  const mints = contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'], callLimit: 2 })
  expect(clampProblem(mints, contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'] }))).toMatch(/nothing would count/)
  expect(clampProblem(mints, { ...mints, callLimit: 4 })).toBeUndefined()
})
