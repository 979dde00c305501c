import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createConfig, http } from 'wagmi'
import { getClient } from 'wagmi/actions'
import { mainnet } from 'wagmi/chains'
import { expect, test } from 'vitest'
import { createSessionKeyConfig, type CreateSessionKeyConfigParameters } from '../../src/actions/createSessionKeyConfig.js'
import { getNetworkFees } from '../../src/actions/getNetworkFees.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'

const wagmi = createConfig({ chains: [mainnet], transports: { [mainnet.id]: http() } })
const url = 'https://service.example/rpc'
const configOf = (options: Partial<CreateSessionKeyConfigParameters>) => createSessionKeyConfig({ wagmi, store: createMemoryStore(), ...options })

test.each<[string, Partial<CreateSessionKeyConfigParameters>, string, string]>([
  ['nothing', {}, 'direct', 'session-key'],
  ['a relay', { relay: url }, 'relay', 'relay'],
  ['a relay that takes a fee', { relay: { url, fee: { token: '0x1111111111111111111111111111111111111111' } } }, 'relay', 'account'],
  ['a bundler', { bundler: url }, 'user-operation', 'session-key'],
  ['a bundler and a paymaster', { bundler: { url, paymaster: true } }, 'user-operation', 'relay'],
  ['a relay and a bundler', { relay: url, bundler: url }, 'relay', 'relay'],
  ['both, and the bundler is to act', { relay: url, bundler: url, lane: 'user-operation' }, 'user-operation', 'session-key'],
])('%s: how sessions act, and who pays', (_, options, name, payer) => {
  expect(configOf(options).lane).toMatchObject({ name, payer })
})

test.each<[string, Partial<CreateSessionKeyConfigParameters>]>([
  ['a relay that takes a fee', { relay: { url, fee: { token: '0x1111111111111111111111111111111111111111' } } }],
  ['a bundler', { bundler: url }],
  ['a bundler and a paymaster', { bundler: { url, paymaster: true } }],
])('%s is not trusted with what has to happen once', async (_, options) => {
  const { lane } = configOf(options)
  const signer = privateKeyToAccount(generatePrivateKey())
  const request = { chainId: 1, client: getClient(wagmi), signer, redemptions: [], now: 1 }
  await expect(lane.send({ ...request, once: { number: 1n, deadline: 2 } })).rejects.toMatchObject({ name: 'OnceNotSupportedError' })
  await expect(lane.send({ ...request, onOutgoing: async () => undefined })).rejects.toMatchObject({ name: 'OnceNotSupportedError' })
})

test('a lane without its service is said at once', () => {
  expect(() => configOf({ lane: 'user-operation' })).toThrow(expect.objectContaining({ name: 'BundlerNotConfiguredError' }))
  expect(() => configOf({ lane: 'relay' })).toThrow(expect.objectContaining({ name: 'RelayNotConfiguredError' }))
})

test('network fees are asked only of a relay that takes them', async () => {
  await expect(getNetworkFees(configOf({ relay: url }))).rejects.toMatchObject({ name: 'FeeRelayNotConfiguredError' })
})
