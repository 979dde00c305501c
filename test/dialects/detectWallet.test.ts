import { expect, test } from 'vitest'
import type { Provider } from '../../src/dialects/dialect.js'
import { detectWallet, type DetectWalletParameters } from '../../src/dialects/detectWallet.js'
import { UnsupportedWalletError, WalletBusyError } from '../../src/dialects/errors.js'

const account = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const unsupported = Object.assign(new Error('not supported'), { code: 4200 })

/** A wallet that answers these methods and no other. */
function wallet(answers: Record<string, unknown>, marks: object = {}) {
  const asked: string[] = []
  const provider: Provider = {
    ...marks,
    async request({ method }) {
      asked.push(method)
      const answer = answers[method]
      if (answer === undefined) throw unsupported
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { provider, asked }
}
const about = (provider: Provider, rest: Partial<DetectWalletParameters> = {}): DetectWalletParameters => ({
  ...{ provider, connectorId: 'injected', wallet: 'Wallet', account, chainId: 31_337 },
  ...rest,
})

const supported2026 = { 'native-token-periodic': { chainIds: ['0x7a69'], ruleTypes: ['expiry'] } }
const permissions2024 = { '0x7a69': { permissions: { supported: true, signerTypes: ['account'], permissionTypes: ['contract-call'] } } }
const permissionsPorto = { '0x7a69': { permissions: { supported: true }, feeToken: { supported: true, tokens: [] } } }

test.each([
  ['erc7715', { wallet_getSupportedExecutionPermissions: supported2026, wallet_getCapabilities: permissions2024 }, {}, {}],
  ['erc7715-2024', { wallet_getCapabilities: permissions2024 }, {}, {}],
  ['porto', { wallet_getCapabilities: permissionsPorto }, {}, {}],
  ['porto', { wallet_getCapabilities: permissionsPorto }, {}, { connectorId: 'xyz.ithaca.porto' }],
  ['openfort', { wallet_getCapabilities: permissions2024 }, { isOpenfort: true }, {}],
  ['erc7715-2024', { wallet_getCapabilities: permissions2024 }, { isMetaMask: true }, {}],
])('%s, by what the wallet says', async (id, answers, marks, rest) => {
  const { provider } = wallet(answers, marks)
  expect((await detectWallet(about(provider, rest))).dialect.id).toBe(id)
})

test('nothing that prompts or changes anything is sent, whatever the wallet is', async () => {
  const { provider, asked } = wallet({})
  await expect(detectWallet(about(provider))).rejects.toThrow(UnsupportedWalletError)
  const harmless = ['wallet_getSupportedExecutionPermissions', 'wallet_getCapabilities', 'wallet_getPermissions', 'wallet_getGrantedExecutionPermissions']
  expect(asked.filter((method) => !harmless.includes(method))).toEqual([])
  expect(new Set(asked).size).toBe(asked.length)
})

test('known once for a provider, account and chain; asked anew for another', async () => {
  const { provider, asked } = wallet({ wallet_getSupportedExecutionPermissions: supported2026 })
  const [first, second] = await Promise.all([detectWallet(about(provider)), detectWallet(about(provider))])
  expect(second).toBe(first)
  const before = asked.length
  await detectWallet(about(provider))
  expect(asked).toHaveLength(before)
  await detectWallet(about(provider, { chainId: 1 }))
  expect(asked.length).toBeGreaterThan(before)
})

test('a busy wallet says nothing about itself, and is asked again', async () => {
  const answers: Record<string, unknown> = { wallet_getSupportedExecutionPermissions: Object.assign(new Error('already pending'), { code: -32002 }) }
  const { provider } = wallet(answers)
  await expect(detectWallet(about(provider))).rejects.toThrow(WalletBusyError)
  answers['wallet_getSupportedExecutionPermissions'] = supported2026
  expect((await detectWallet(about(provider))).dialect.id).toBe('erc7715')
})

test('what the app says wins', async () => {
  const { provider } = wallet({ wallet_getSupportedExecutionPermissions: supported2026, wallet_getCapabilities: permissions2024 })
  expect((await detectWallet(about(provider, { dialect: 'erc7715-2024' }))).dialect.id).toBe('erc7715-2024')
})

test('over WalletConnect only what the session lists is sent', async () => {
  const session = { namespaces: { eip155: { methods: ['eth_sendTransaction', 'wallet_getCapabilities'] } } }
  const { provider, asked } = wallet({ wallet_getSupportedExecutionPermissions: supported2026, wallet_getCapabilities: permissions2024 }, { session })
  expect((await detectWallet(about(provider))).dialect.id).toBe('erc7715-2024')
  expect(asked).toEqual(['wallet_getCapabilities'])
})
