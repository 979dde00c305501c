import { bytesToBigInt, concatHex, hashTypedData, hexToBytes, isAddressEqual, numberToHex, type Address, type Hex } from 'viem'
import { encodeP256Signature, p256Account, type P256PublicKey } from '../delegation/p256Account.js'
import { ExtractableKeyError, KeyUnreadableError } from './errors.js'
import type { ContractSigner } from './sessionSigner.js'

/** A key that the browser holds and gives to nobody: scripts can sign with it, and cannot read it. Stored as the object it is. */
export type P256Key = {
  kind: 'webcrypto-p256'
  /** The contract account that it acts through. */
  address: Address
  publicKey: P256PublicKey
  privateKey: CryptoKey
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
const algorithm = { name: 'ECDSA', hash: 'SHA-256' } as const

/** The number of points, n. @see SEC 2, secp256r1 */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** @throws {ExtractableKeyError} the page's WebCrypto made one that scripts can read out */
export async function createP256Key(): Promise<P256Key> {
  const { privateKey, publicKey: point } = await crypto.subtle.generateKey(curve, false, ['sign'])
  // 0x04, x, y
  const bytes = new Uint8Array(await crypto.subtle.exportKey('raw', point))
  const publicKey = { x: bytesToBigInt(bytes.slice(1, 33)), y: bytesToBigInt(bytes.slice(33)) }
  const { address } = p256Account(publicKey)
  if (privateKey.extractable) throw new ExtractableKeyError({ address })
  return { kind: 'webcrypto-p256', address, publicKey, privateKey }
}

/**
 * Signs as the key's contract account.
 * @throws {KeyUnreadableError} at once: it is the key of another session; when it signs: its two halves do not belong together
 */
export function p256Signer({ address, publicKey, privateKey }: P256Key, session: { address: Address }): ContractSigner {
  const account = p256Account(publicKey)
  if (!isAddressEqual(account.address, session.address)) throw new KeyUnreadableError({ address: session.address })
  if (privateKey.extractable) throw new ExtractableKeyError({ address })
  return {
    type: 'contract',
    address: account.address,
    deployment: account.deployment,
    async signTypedData(typedData) {
      const hash = hexToBytes(hashTypedData(typedData)) as Uint8Array<ArrayBuffer>
      // Of the hash it signs the SHA-256, as the contract does when it verifies.
      const signature = await crypto.subtle.sign(algorithm, privateKey, hash).catch((cause: Error): never => {
        throw new KeyUnreadableError({ address, cause })
      })
      if (!(await verifies(publicKey, signature, hash))) throw new KeyUnreadableError({ address })
      return encodeP256Signature(lowS(new Uint8Array(signature)))
    },
  }
}

/** Of the two signatures that are equally valid WebCrypto returns either; the contract refuses the one with the higher s. */
function lowS(signature: Uint8Array): { r: bigint; s: bigint } {
  const [r, s] = [bytesToBigInt(signature.slice(0, 32)), bytesToBigInt(signature.slice(32))]
  return { r, s: s > order / 2n ? order - s : s }
}

async function verifies({ x, y }: P256PublicKey, signature: ArrayBuffer, message: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const point: Hex = concatHex(['0x04', numberToHex(x, { size: 32 }), numberToHex(y, { size: 32 })])
  const key = await crypto.subtle.importKey('raw', hexToBytes(point) as Uint8Array<ArrayBuffer>, curve, false, ['verify'])
  return crypto.subtle.verify(algorithm, key, signature, message)
}
