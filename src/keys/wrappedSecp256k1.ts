import { bytesToHex, hexToBytes, type Address, type Hex, type LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAddress, sign, signAuthorization, signMessage, signTransaction, signTypedData, toAccount } from 'viem/accounts'
import { KeyUnreadableError } from './errors.js'

/** What a wrapped key is bound to: it opens for exactly this session and nothing else. */
export type KeyBinding = { id: string; chainId: number; account: Address; address: Address; origin: string }

/** A secp256k1 key under AES-256-GCM; worthless without the wrapping key, which no script can read. */
export type WrappedKey = { kind: 'wrapped-secp256k1'; address: Address; iv: Uint8Array; ciphertext: Uint8Array }

/** The AES key that wraps session keys: made in the browser, never extractable. */
export function generateWrappingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/**
 * Makes a fresh key. The clear key exists only inside this call.
 * @param privateKey for mock sessions only, whose address is known before there is a store
 */
export async function createWrappedKey(
  wrappingKey: CryptoKey,
  binding: Omit<KeyBinding, 'address'>,
  privateKey: Hex = generatePrivateKey(),
): Promise<WrappedKey> {
  const address = privateKeyToAddress(privateKey)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const clear = hexToBytes(privateKey)
  const ciphertext = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bindingBytes({ ...binding, address }) },
    wrappingKey,
    clear as Uint8Array<ArrayBuffer>,
  )
  clear.fill(0)
  return { kind: 'wrapped-secp256k1', address, iv, ciphertext: new Uint8Array(ciphertext) }
}

/**
 * A signer that opens the key for each signature and forgets it again. That it is the key of this address is part of what was sealed, so it
 * need not be derived anew each time.
 * @throws {KeyUnreadableError} (when it signs) the binding or the wrapping key is not the one it was sealed with
 */
export function wrappedKeySigner(key: WrappedKey, wrappingKey: CryptoKey, binding: KeyBinding): LocalAccount {
  async function open(): Promise<Hex> {
    if (binding.address.toLowerCase() !== key.address.toLowerCase()) throw new KeyUnreadableError({ address: key.address })
    return openKey(key, wrappingKey, binding)
  }
  return toAccount({
    address: key.address,
    sign: async ({ hash }) => sign({ hash, privateKey: await open(), to: 'hex' }),
    signAuthorization: async (parameters) => signAuthorization({ ...parameters, privateKey: await open() }),
    signMessage: async ({ message }) => signMessage({ message, privateKey: await open() }),
    signTransaction: async (transaction, { serializer } = {}) => signTransaction({ privateKey: await open(), transaction, serializer }),
    signTypedData: async (parameters) => signTypedData({ ...(parameters as object), privateKey: await open() } as never),
  }) as LocalAccount
}

async function openKey(key: WrappedKey, wrappingKey: CryptoKey, binding: KeyBinding): Promise<Hex> {
  try {
    const clear = new Uint8Array(
      await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: key.iv as Uint8Array<ArrayBuffer>, additionalData: bindingBytes(binding) },
        wrappingKey,
        key.ciphertext as Uint8Array<ArrayBuffer>,
      ),
    )
    const hex = bytesToHex(clear)
    clear.fill(0)
    return hex
  } catch (cause) {
    throw new KeyUnreadableError({ address: key.address, cause: cause as Error })
  }
}

/** Authenticated with the ciphertext (AES-GCM additional data), so a row copied to another session does not open. */
function bindingBytes({ id, chainId, account, address, origin }: KeyBinding): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([1, id, chainId, account.toLowerCase(), address.toLowerCase(), origin])
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>
}
