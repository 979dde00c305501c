import { custom, encodeAbiParameters, parseAbi, zeroAddress } from 'viem'
import { expect, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { revokePermissions } from '../../src/actions/revokePermissions.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { mockChain, mockWallet } from '../../src/testing/index.js'
import { connectedApp, outcomeOf } from './connectedApp.js'

const sword = '0x0000000000000000000000000000000000005401'
const abi = parseAbi(['function mint(address to)'])
const asked = { permissions: [contractCall({ address: sword, abi, functions: ['mint'] })], expiry: expiresIn({ days: 1 }), acceptLosses: ['permissions[0].functions', 'permissions[0].valueLimit'] }

type SessionKey = readonly [validAfter: number, validUntil: number, limit: number, master: boolean, whitelisting: boolean, registrar: `0x${string}`]

/** A chain whose account of Openfort's answers `sessionKeys(key)` so. */
function chainWith(key: () => SessionKey) {
  const { chain, transport } = mockChain()
  const inner = transport({ chain, retryCount: 0 })
  const words = ['uint48', 'uint48', 'uint48', 'bool', 'bool', 'address'].map((type) => ({ type }))
  const request = async ({ method, params }: { method: string; params?: unknown }) =>
    method === 'eth_call' ? encodeAbiParameters(words, key()) : inner.request({ method, params } as never)
  return { chain, transport: custom({ request }, { retryCount: 0 }) }
}

async function sessionOn(key: () => SessionKey) {
  const wallet = mockWallet({ dialect: 'openfort', chain: chainWith(key) })
  const config = connectedApp(wallet)
  const { session } = await grantPermissions(config, asked)
  const revoke = () => outcomeOf(revokePermissions(config, { id: session.id, timeoutMs: 50 }))
  const revocations = () => wallet.calls.filter(({ method }) => method === 'wallet_revokePermissions').length
  const status = async () => (await config.sessions.get(session.id))?.status
  const signs = () => config.sessions.signer(session).then(() => true, () => false)
  return { revoke, revocations, status, signs }
}

test('a key whose registration the node has not seen yet is revoked at Openfort, and not said to be revoked; the key is kept', async () => {
  const { revoke, revocations, status, signs } = await sessionOn(() => [0, 0, 0, false, false, zeroAddress])
  expect(await revoke()).toBe('RevocationNotConfirmedError')
  expect([revocations(), await status(), await signs()]).toEqual([1, 'revoking', true])
})

test('one that the account shows as ended is revoked', async () => {
  let key: SessionKey = [1_700_000_000, 1_900_000_000, 5, false, true, sword]
  const { revoke, revocations, status, signs } = await sessionOn(() => key)
  expect(await revoke()).toBe('RevocationNotConfirmedError')
  key = [1_700_000_000, 0, 0, false, true, zeroAddress]
  expect(await revoke()).toBe('done')
  expect([revocations(), await status(), await signs()]).toEqual([1, 'revoked', false])
})
