import {
  bytesToBigInt,
  bytesToHex,
  hashMessage,
  hashTypedData,
  hexToBytes,
  isAddressEqual,
  isHex,
  keccak256,
  numberToHex,
  recoverAddress,
  serializeSignature,
  serializeTransaction,
  type Address,
  type Hex,
  type LocalAccount,
  type Signature,
  type TransactionSerializable,
} from 'viem'
import { toAccount } from 'viem/accounts'
import { hashAuthorization } from 'viem/utils'
import { KmsSignatureError } from './errors.js'

export type KmsAccountParameters = {
  address: Address
  /** Signs a 32-byte digest as it is. DER, or `r‖s`, with or without a recovery byte. */
  sign: (hash: Hex) => Promise<Uint8Array | Hex>
}

/** A viem account over a function that signs digests: a KMS, an enclave, a remote signer. */
export function kmsAccount({ address, sign }: KmsAccountParameters): LocalAccount {
  async function signHash(hash: Hex): Promise<Signature> {
    const { r, s } = readSignature(address, await sign(hash))
    // Of the two signatures that are equally valid, chains take the one with the lower s (EIP-2).
    const low = s > order / 2n ? order - s : s
    for (const yParity of [0, 1] as const) {
      const signature = { r: numberToHex(r, { size: 32 }), s: numberToHex(low, { size: 32 }), yParity, v: BigInt(27 + yParity) }
      // A KMS does not say which of the two keys that a signature could be of is its own.
      const signer = await recoverAddress({ hash, signature }).catch(() => undefined)
      if (signer && isAddressEqual(signer, address)) return signature
    }
    throw new KmsSignatureError({ address, reason: 'the signature is of another key, or of another hash' })
  }

  return toAccount({
    address,
    sign: async ({ hash }) => serializeSignature(await signHash(hash)),
    signMessage: async ({ message }) => serializeSignature(await signHash(hashMessage(message))),
    signTypedData: async (parameters) => serializeSignature(await signHash(hashTypedData(parameters as never))),
    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const serialize = serializer as (transaction: TransactionSerializable, signature?: Signature) => Hex | Promise<Hex>
      const signature = await signHash(keccak256(await serialize(transaction)))
      return serialize(transaction, signature)
    },
    async signAuthorization(authorization) {
      const { chainId, nonce } = authorization
      const contract = authorization.address ?? authorization.contractAddress
      const { r, s, yParity, v } = await signHash(hashAuthorization({ address: contract, chainId, nonce }))
      return { address: contract, chainId, nonce, r, s, v, yParity } as never
    },
  }) as LocalAccount
}

/** The number of points, n. @see SEC 2, secp256k1 */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function readSignature(address: Address, answer: Uint8Array | Hex): { r: bigint; s: bigint } {
  const bytes = isHex(answer) ? hexToBytes(answer) : answer
  const found = bytes.length === 64 || bytes.length === 65 ? { r: bytesToBigInt(bytes.slice(0, 32)), s: bytesToBigInt(bytes.slice(32, 64)) } : readDer(bytes)
  if (!found) throw new KmsSignatureError({ address, reason: `${bytes.length} bytes that are neither DER nor r‖s: ${bytesToHex(bytes.slice(0, 8))}…` })
  const { r, s } = found
  if (r <= 0n || r >= order || s <= 0n || s >= order) throw new KmsSignatureError({ address, reason: 'r or s is out of range' })
  return found
}

/** `SEQUENCE { INTEGER r, INTEGER s }`. @see RFC 3279 2.2.3 */
function readDer(bytes: Uint8Array): { r: bigint; s: bigint } | undefined {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return undefined
  const r = readInteger(bytes, 2)
  const s = r && readInteger(bytes, r.end)
  return r && s && s.end === bytes.length ? { r: r.value, s: s.value } : undefined
}

function readInteger(bytes: Uint8Array, start: number): { value: bigint; end: number } | undefined {
  const length = bytes[start + 1]
  if (bytes[start] !== 0x02 || length === undefined || length === 0 || length > 33) return undefined
  const end = start + 2 + length
  return end > bytes.length ? undefined : { value: bytesToBigInt(bytes.slice(start + 2, end)), end }
}
