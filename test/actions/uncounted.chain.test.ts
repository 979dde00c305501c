import { afterAll, beforeAll, expect, test } from 'vitest'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { planCalls } from '../../src/actions/checkCalls.js'
import { readSessionUsage } from '../../src/actions/getPermissionUsage.js'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
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

test('a session held to two calls whose delegation counts none: what is left is not known, and a batch of three is refused', async () => {
  const mints = contractCall({ address: world.sword, abi: swordAbi, functions: ['mint'] })
  const definition = defineSession({ name: 'mints', expiry: expiresIn({ days: 1 }), permissions: [mints] })
  const granted = (await world.grant(definition)).session
  // As after `onBroader: 'clamp'`, where two calls were asked for and the wallet signed no limit.
  const held: Session = { ...granted, granted: granted.granted.map((one) => ({ ...one, within: { ...mints, callLimit: 2 } })) }
  const calls = (count: number) => encodeSessionCalls(Array.from({ length: count }, () => world.mint))

  for (const made of [0, 1]) {
    if (made > 0) await world.send([world.mint], definition)
    const { permissions, counted } = await readSessionUsage(world.config, held)
    expect({ calls: permissions[0]?.calls, counted }).toEqual({ calls: { limit: 2, left: undefined }, counted: false })
    expect(await planCalls(world.config, held, calls(2))).toMatchObject({ covers: [{ permission: 0 }, { permission: 0 }] })
    expect(await planCalls(world.config, held, calls(3))).toMatchObject({ error: { name: 'CallLimitExceededError', by: 'check' } })
  }
  expect(await readSessionUsage(world.config, granted)).toMatchObject({ counted: true })
})
