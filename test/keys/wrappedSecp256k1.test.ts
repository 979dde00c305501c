import { recoverMessageAddress, recoverTypedDataAddress } from 'viem'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyUnreadableError } from '../../src/keys/errors.js'
import { createWrappedKey, generateWrappingKey, wrappedKeySigner, type KeyBinding } from '../../src/keys/wrappedSecp256k1.js'

const binding = {
  id: 'a session',
  chainId: 31337,
  account: '0x00000000000000000000000000000000000000aa',
  origin: 'https://shop.example',
} as const

async function newKey() {
  const wrappingKey = await generateWrappingKey()
  const key = await createWrappedKey(wrappingKey, binding)
  return { wrappingKey, key, bound: { ...binding, address: key.address } satisfies KeyBinding }
}

test('signs as its address, in every way a session needs', async () => {
  const { wrappingKey, key, bound } = await newKey()
  const signer = wrappedKeySigner(key, wrappingKey, bound)
  const signature = await signer.signMessage({ message: 'hello' })
  expect(await recoverMessageAddress({ message: 'hello', signature })).toBe(key.address)
  const typed = { domain: { name: 'x' }, types: { T: [{ name: 'n', type: 'uint256' }] }, primaryType: 'T', message: { n: 1n } } as const
  expect(await recoverTypedDataAddress({ ...typed, signature: await signer.signTypedData(typed) })).toBe(key.address)
  const authorization = await signer.signAuthorization?.({ address: bound.account, chainId: 1, nonce: 0 })
  expect(authorization).toMatchObject({ address: bound.account, nonce: 0 })
})

test('the wrapping key cannot be exported, and the clear key stands nowhere in what is stored', async () => {
  const { wrappingKey, key } = await newKey()
  await expect(crypto.subtle.exportKey('raw', wrappingKey)).rejects.toThrow()
  // 32 bytes of key, 16 of authentication tag.
  expect(key.ciphertext).toHaveLength(48)
  expect(Object.keys(key).sort()).toEqual(['address', 'ciphertext', 'iv', 'kind'])
})

test.each(['id', 'chainId', 'account', 'origin'] as const)('a key bound to another %s does not open', async (field) => {
  const { wrappingKey, key, bound } = await newKey()
  const other = { id: 'another', chainId: 1, account: '0x00000000000000000000000000000000000000bb', origin: 'https://evil.example' } as const
  const signer = wrappedKeySigner(key, wrappingKey, { ...bound, [field]: other[field] })
  await expect(signer.signMessage({ message: 'hello' })).rejects.toThrow(KeyUnreadableError)
})

test('one flipped bit, anywhere, and the key does not open; the error holds no key material', async () => {
  const { wrappingKey, key, bound } = await newKey()
  await fc.assert(
    fc.asyncProperty(fc.nat(key.ciphertext.length - 1), fc.nat(7), async (byte, bit) => {
      const ciphertext = key.ciphertext.slice()
      ciphertext[byte] = (ciphertext[byte] as number) ^ (1 << bit)
      const error: unknown = await wrappedKeySigner({ ...key, ciphertext }, wrappingKey, bound)
        .signMessage({ message: 'hello' })
        .catch((refusal: unknown) => refusal)
      expect(error).toBeInstanceOf(KeyUnreadableError)
      expect(String((error as Error).message)).not.toMatch(/0x[0-9a-f]{64}/)
    }),
  )
})
