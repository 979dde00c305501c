import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isAddressEqual, keccak256, parseAbi } from 'viem'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import type { SessionKeyConfig } from '../../src/actions/createSessionKeyConfig.js'
import { p256Account } from '../../src/delegation/p256Account.js'
import { proxyBytecode } from '../../src/delegation/proxyBytecode.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { relayLane } from '../../src/execution/relayLane.js'
import { createKey, signerOf, type StoredKey } from '../../src/keys/storedKey.js'
import { createP256Key, p256Signer } from '../../src/keys/webcryptoP256.js'
import { generateWrappingKey } from '../../src/keys/wrappedSecp256k1.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import { expiresIn } from '../../src/permissions/expiry.js'
import { erc20Allowance } from '../../src/permissions/tokenPermissions.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { createTestWrapper, mockWallet, type MockWallet } from '../../src/testing/index.js'

const mint = contractCall({ address: '0x0000000000000000000000000000000000005401', abi: parseAbi(['function mint(address to)']) })
const spend = erc20Allowance({ token: '0x0000000000000000000000000000000000006011', limit: 1n })
const probe = { domain: {}, types: { Probe: [] }, primaryType: 'Probe', message: {} } as const

/** An app with that wallet, whose keys are P-256 and whose calls a relay would pay for. */
function appWith(wallet: MockWallet, store = createMemoryStore()): SessionKeyConfig {
  const { config } = createTestWrapper({ wallet, store })
  return { ...config, key: 'p256', lane: relayLane(createRelayClient({ url: 'http://127.0.0.1:9/rpc' })) }
}

test('the address never moves: what was granted to it would be lost', () => {
  expect(keccak256(proxyBytecode)).toBe('0xec742366273114ae34471bf03130cf4bb433d8471423377dc7c56665ab18d534')
  expect(p256Account({ x: 1n, y: 2n }).address).toBe('0x1996FC1E446C3dBfF65DB072CdDb8750bd063cd0')
})

test('each key is another, and so is its account', async () => {
  const [a, b] = await Promise.all([createP256Key(), createP256Key()])
  expect(a.address).not.toBe(b.address)
  expect(a.address).toBe(p256Account(a.publicKey).address)
})

describe('a key that scripts could read out is not used', () => {
  const makeExtractable = () => {
    const { generateKey } = SubtleCrypto.prototype
    vi.spyOn(SubtleCrypto.prototype, 'generateKey').mockImplementation(function (this: SubtleCrypto, algorithm, _, usages) {
      return generateKey.call(this, algorithm, true, usages)
    })
  }

  test('nothing is stored and no wallet is asked', async () => {
    makeExtractable()
    const wallet = mockWallet()
    const config = appWith(wallet)
    await expect(grantPermissions(config, { permissions: [spend], expiry: expiresIn({ days: 1 }) })).rejects.toMatchObject({ name: 'ExtractableKeyError' })
    expect(grantsOf(wallet)).toEqual([])
    expect(await config.sessions.find()).toEqual([])
  })

  test('nor one that was put into the store', async () => {
    const key = await createP256Key()
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    expect(() => p256Signer({ ...key, privateKey }, key)).toThrow(/can be read out/)
  })
})

test('the key of one session does not sign for another', async () => {
  const [mine, other] = await Promise.all([createP256Key(), createP256Key()])
  const wrappingKey = await generateWrappingKey()
  const binding = { id: 'a', chainId: 1, account: mine.address, address: mine.address, origin: '' }
  await expect(signerOf(other, wrappingKey, binding)).rejects.toMatchObject({ name: 'KeyUnreadableError' })
  // Only the half that signs was exchanged.
  const mixed = await signerOf({ ...mine, privateKey: other.privateKey }, wrappingKey, binding)
  await expect(mixed.signTypedData(probe)).rejects.toMatchObject({ name: 'KeyUnreadableError' })
  const good = await signerOf(mine, wrappingKey, binding)
  await expect(good.signTypedData(probe)).resolves.toMatch(/^0x[0-9a-f]{192}$/)
})

test('a kind that a newer version stored is said to be unreadable', async () => {
  const newer = { kind: 'prf-secp256k1', address: mint.address } as unknown as StoredKey
  await expect(signerOf(newer, await generateWrappingKey(), { id: 'a', chainId: 1, account: mint.address, address: mint.address, origin: '' })).rejects.toMatchObject({
    name: 'KeyUnreadableError',
  })
})

test('a store that keeps the key and loses its use is found out before the wallet is asked', async () => {
  const wallet = mockWallet()
  const store = createMemoryStore()
  const broken = { ...store, getKey: async (id: string) => ({ key: { ...(await store.getKey(id))?.key, privateKey: null } as unknown as StoredKey, wrappingKey: undefined }) }
  await expect(grantPermissions(appWith(wallet, broken), { permissions: [spend], expiry: expiresIn({ days: 1 }) })).rejects.toMatchObject({ name: 'SessionStoreError' })
  expect(grantsOf(wallet)).toEqual([])
})

describe('wallets', () => {
  test.each(['embedded', 'erc7715'] as const)('%s grants to its account as to any other', async (dialect) => {
    const wallet = mockWallet({ dialect })
    const { session } = await grantPermissions(appWith(wallet), { permissions: [spend], expiry: expiresIn({ days: 1 }) })
    expect(session.status).toBe('active')
    const [request] = grantsOf(wallet)
    expect(isAddressEqual((request?.params as [{ to: `0x${string}` }])[0].to, session.address)).toBe(true)
  })

  test.each(['openfort', 'erc7715-2024', 'porto'] as const)('%s cannot: refused before anybody is asked', async (dialect) => {
    const wallet = mockWallet({ dialect })
    const config = appWith(wallet)
    const asked = vi.fn()
    onTestFinished(config.consent.subscribe(asked))
    await expect(grantPermissions(config, { permissions: [{ ...mint, valueLimit: 2n ** 256n - 1n }], expiry: expiresIn({ days: 1 }) })).rejects.toMatchObject({
      name: 'KeyKindNotSupportedError',
    })
    expect(asked).not.toHaveBeenCalled()
    expect(grantsOf(wallet)).toEqual([])
    expect(await config.sessions.find()).toEqual([])
  })
})

const grantsOf = ({ calls }: MockWallet) => calls.filter(({ method }) => /grantPermissions|requestExecutionPermissions/.test(method))

test('an app that does not ask for P-256 does not load it', async () => {
  expect(loadedWith('index.ts')).toContain('sessions/sessionBook.ts')
  expect(loadedWith('index.ts')).not.toContain('keys/webcryptoP256.ts')
  expect(loadedWith('index.ts')).not.toContain('delegation/proxyBytecode.ts')
  expect(loadedWith('keys/webcryptoP256.ts')).toContain('delegation/proxyBytecode.ts')
  expect((await createKey('p256', await generateWrappingKey(), { id: 'a', chainId: 1, account: mint.address, origin: '' })).kind).toBe('webcrypto-p256')
})

const src = resolve(import.meta.dirname, '../../src')

/** All files that come with this one: what it imports, but for types and what it loads later. */
function loadedWith(file: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(file)) return []
  seen.add(file)
  const text = readFileSync(join(src, file), 'utf8')
  for (const [, path] of text.matchAll(/^(?:import|export) (?!type )[^']*?from '(\.[^']+)'/gms)) {
    const target = join(file, '..', (path as string).replace(/\.js$/, '.ts'))
    loadedWith(existsSync(join(src, target)) ? target : `${target}x`, seen)
  }
  return [...seen]
}
