import { createHash, generateKeyPairSync, sign as signDigest } from 'node:crypto'
import { hashTypedData, keccak256, parseEther, recoverAddress, recoverTransactionAddress, stringToHex, verifyMessage, verifyTypedData, type Hex, type TransactionSerializableEIP1559 } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { recoverAuthorizationAddress } from 'viem/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createKeyRing } from '../../src/server/keys/keyRing.js'
import { createMemoryAgentStore, environmentKeys, kmsAccount, kmsKeys, sealedKeys, type KeyCustody } from '../../src/server/index.js'

afterEach(() => vi.unstubAllEnvs())

const secret = 'thirty-two bytes at the very least, of nothing anybody knows'
const typedData = { domain: { name: 'x', chainId: 1 }, types: { Probe: [{ name: 'n', type: 'uint256' }] }, primaryType: 'Probe', message: { n: 7n } } as const
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** A KMS of this process: keys by name, DER signatures, and s as high as it comes. */
function startKms(answer: (signature: { r: bigint; s: bigint }) => Uint8Array | Hex = der) {
  const keys = new Map<string, Hex>()
  const custody = kmsKeys({
    async create(user) {
      keys.set(`key/${user}`, generatePrivateKey())
      return { keyId: `key/${user}`, address: privateKeyToAccount(keys.get(`key/${user}`) as Hex).address }
    },
    async sign({ keyId, hash }) {
      const signature = await privateKeyToAccount(keys.get(keyId) as Hex).sign({ hash })
      const [r, s] = [BigInt(signature.slice(0, 66)), BigInt(`0x${signature.slice(66, 130)}`)]
      // viem's are low always; half of a KMS's are not.
      return answer({ r, s: BigInt(hash) % 2n === 0n ? order - s : s })
    },
  })
  return { custody, keys }
}

function der({ r, s }: { r: bigint; s: bigint }): Uint8Array {
  const integer = (value: bigint) => {
    const hex = value.toString(16).padStart(2, '0')
    const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
    const positive = (bytes[0] as number) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
    return Buffer.concat([Buffer.from([2, positive.length]), positive])
  }
  const body = Buffer.concat([integer(r), integer(s)])
  return new Uint8Array(Buffer.concat([Buffer.from([0x30, body.length]), body]))
}

const compact = ({ r, s }: { r: bigint; s: bigint }): Hex => `0x${[r, s].map((value) => value.toString(16).padStart(64, '0')).join('')}`

const custodies: [string, () => KeyCustody][] = [
  ['a KMS that answers in DER', () => startKms().custody],
  ['a KMS that answers r‖s', () => startKms(compact).custody],
  ['sealed keys', () => sealedKeys({ secret })],
  ['keys of the environment', () => environmentKeys({ secret })],
]

describe.each(custodies)('%s', (_name, newCustody) => {
  test('one key for each user, the same from then on, for every process', async () => {
    const store = createMemoryAgentStore()
    const custody = newCustody()
    const rings = [createKeyRing(store, custody), createKeyRing(store, custody)] as const
    const addresses = await Promise.all([0, 1, 0, 1, 0, 1].map((index) => (rings[index] ?? rings[0]).addressOf('alice')))
    expect(new Set(addresses).size).toBe(1)
    const bob = await rings[1].addressOf('bob ‮ ../../alice')
    expect(bob).not.toBe(addresses[0])
    expect(await rings[0].userOf(bob)).toBe('bob ‮ ../../alice')
    expect(await rings[0].knownAddressOf('alice')).toBe(addresses[0])
    expect(await rings[0].userOf('0x000000000000000000000000000000000000dEaD')).toBeUndefined()
    await expect(rings[0].signer('0x000000000000000000000000000000000000dEaD')).rejects.toMatchObject({ name: 'KeyNotHereError' })
  })

  test('signs all that a session key has to, thirty times', async () => {
    const ring = createKeyRing(createMemoryAgentStore(), newCustody())
    const address = await ring.addressOf('alice')
    const account = await ring.signer(address)
    for (let nonce = 0; nonce < 30; nonce += 1) {
      const hash = keccak256(stringToHex(`${nonce}`))
      const signature = (await account.sign?.({ hash })) as Hex
      expect(await recoverAddress({ hash, signature })).toBe(address)
      expect(BigInt(`0x${signature.slice(66, 130)}`) <= order / 2n).toBe(true)
      const transaction: TransactionSerializableEIP1559 = { chainId: 1, nonce, to: address, value: parseEther('1'), gas: 21_000n, maxFeePerGas: 7n, maxPriorityFeePerGas: 1n, type: 'eip1559' }
      expect(await recoverTransactionAddress({ serializedTransaction: (await account.signTransaction(transaction)) as `0x02${string}` })).toBe(address)
    }
    expect(await verifyMessage({ address, message: 'hello', signature: await account.signMessage({ message: 'hello' }) })).toBe(true)
    expect(await verifyTypedData({ address, ...typedData, signature: await account.signTypedData(typedData) })).toBe(true)
    const authorization = await account.signAuthorization?.({ address, chainId: 1, nonce: 3 })
    expect(authorization && (await recoverAuthorizationAddress({ authorization }))).toBe(address)
  })
})

test('looking for a key makes none', async () => {
  const { custody, keys } = startKms()
  const store = createMemoryAgentStore()
  expect(await createKeyRing(store, custody).knownAddressOf('alice')).toBeUndefined()
  expect(keys.size).toBe(0)
  expect(await store.list('key')).toEqual([])
})

test('a sealed key opens with its secret, for its user, and nothing of it is in the store in clear', async () => {
  const store = createMemoryAgentStore()
  const address = await createKeyRing(store, sealedKeys({ secret })).addressOf('alice')
  await expect(createKeyRing(store, sealedKeys({ secret: `${secret}.` })).signer(address)).rejects.toMatchObject({ name: 'SealedKeyError' })
  expect((await createKeyRing(store, sealedKeys({ secret })).signer(address)).address).toBe(address)

  const [row] = await store.list('key')
  const kept = JSON.parse(row?.body ?? '{}') as { address: typeof address; material: string }
  await expect(sealedKeys({ secret }).signer('mallory', kept)).rejects.toMatchObject({ name: 'SealedKeyError' })
  await expect(sealedKeys({ secret }).signer('alice', { ...kept, material: '{}' })).rejects.toMatchObject({ name: 'SealedKeyError' })
  await expect(sealedKeys({ secret }).signer('alice', { ...kept, material: kept.material.replace(/..","ciphertext/, '00","ciphertext') })).rejects.toMatchObject({ name: 'SealedKeyError' })
})

test('of another secret an environment has other keys, and does not sign with them in the place of the first', async () => {
  const store = createMemoryAgentStore()
  const address = await createKeyRing(store, environmentKeys({ secret })).addressOf('alice')
  const changed = createKeyRing(store, environmentKeys({ secret: `${secret}.` }))
  expect(await changed.addressOf('alice')).toBe(address)
  await expect(changed.signer(address)).rejects.toMatchObject({ name: 'SealedKeyError' })
})

test('keys of the environment are for development, unless the app says otherwise', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(() => environmentKeys({ secret })).toThrow(expect.objectContaining({ name: 'EnvironmentKeyError' }))
  expect(() => environmentKeys({ secret, allowInProduction: true })).not.toThrow()
  expect(() => environmentKeys({ secret: 'short', allowInProduction: true })).toThrow(expect.objectContaining({ name: 'WeakSecretError' }))
  expect(() => sealedKeys({ secret: 'short' })).toThrow(expect.objectContaining({ name: 'WeakSecretError' }))
})

test('a KMS that signs something else, with another key, or not at all', async () => {
  const { address } = privateKeyToAccount(generatePrivateKey())
  const other = privateKeyToAccount(generatePrivateKey())
  const hash = hashTypedData(typedData)
  const answers: [string, (hash: Hex) => Promise<Hex | Uint8Array>][] = [
    ['another key', (hash) => other.sign({ hash })],
    ['another hash', () => other.sign({ hash: keccak256('0x01') })],
    ['nothing', async () => '0x'],
    ['zeros', async () => new Uint8Array(64)],
    ['text', async () => new TextEncoder().encode('AccessDenied')],
    ['torn DER', async () => der({ r: 1n, s: 2n }).slice(0, -1)],
  ]
  for (const [what, sign] of answers) await expect(kmsAccount({ address, sign }).sign?.({ hash }), what).rejects.toMatchObject({ name: 'KmsSignatureError' })
})

test('what OpenSSL signs is read as what a KMS signs', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  const address = `0x${keccak256(new Uint8Array(point)).slice(-40)}` as const
  // Node hashes what it signs, and a KMS is given a digest: so the account is asked for the SHA-256 of the text.
  const text = Buffer.from('a text')
  const hash: Hex = `0x${createHash('sha256').update(text).digest('hex')}`
  for (let turn = 0; turn < 20; turn += 1) {
    const signature = await kmsAccount({ address, sign: async () => new Uint8Array(signDigest('sha256', text, privateKey)) }).sign?.({ hash })
    expect((await recoverAddress({ hash, signature: signature as Hex })).toLowerCase()).toBe(address)
  }
})
