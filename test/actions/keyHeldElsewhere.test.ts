import { expect, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { mockWallet } from '../../src/testing/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { connectedApp, outcomeOf } from './connectedApp.js'

const sword = '0x0000000000000000000000000000000000005401'
const key = { address: '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC' } as const
const expiry = expiresIn({ days: 1 })

test('a key held elsewhere is not given more than was asked on the promise that the kit holds it to less', async () => {
  const clamping = mockWallet({ dialect: 'erc7715', decision: 'broaden' })
  const permissions = [erc20Allowance({ token: sword, limit: 100n })]
  expect(await outcomeOf(grantPermissions(connectedApp(clamping), { permissions, expiry, key, onBroader: 'clamp', adjustable: true }))).toBe('KeyHeldElsewhereError')

  const wider = mockWallet({ dialect: 'openfort' })
  const mint = contractCall({ address: sword, abi: swordAbi, functions: ['mint'] })
  const acceptLosses = ['permissions[0].functions', 'permissions[0].valueLimit']
  expect(await outcomeOf(grantPermissions(connectedApp(wider), { permissions: [mint], expiry, key, acceptLosses }))).toBe('KeyHeldElsewhereError')
  expect([...clamping.calls, ...wider.calls].filter(({ method }) => /grantPermissions|requestExecution/.test(method))).toEqual([])
})

test('what a wallet broadens unasked for such a key is kept aside', async () => {
  const config = connectedApp(mockWallet({ dialect: 'erc7715', decision: 'broaden' }))
  expect(await outcomeOf(grantPermissions(config, { permissions: [erc20Allowance({ token: sword, limit: 100n })], expiry, key, adjustable: true }))).toBe('GrantMismatchError')
  expect(await config.sessions.find()).toMatchObject([{ status: 'quarantined' }])
})
