import { padHex, size, type Hex, type LocalAccount } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import * as v from 'valibot'
import { InvalidWalletResponseError } from '../dialects/errors.js'
import { requestWallet } from '../dialects/requestWallet.js'
import { walletErrorKind } from '../dialects/walletErrors.js'
import type { ExecutorRequest } from './executor.js'
import { callsError, UnexpectedDigestError } from './walletCallsErrors.js'
import { encodeWalletCalls, preparedCalls } from './walletCallsWire.js'

const prepareMethod = 'wallet_prepareCalls'
const sendMethod = 'wallet_sendPreparedCalls'

/** The text's own version, not that of ERC-5792. */
const version = '1'

/**
 * The wallet prepares the calls, the session key signs their digest, the wallet sends them.
 *
 * A digest says nothing of what it stands for, so whoever holds the signature may do with it what the key may do. Every
 * session has a key of its own, known to no one but the wallet that granted to it: a hostile digest can use up what that
 * wallet already granted, and nothing else. It is signed only where the answer names this key and this chain.
 *
 * @returns the wallet's answer; else nothing was sent: it does not offer this, or (`refusal`) not to this page or for these calls
 * @throws {UnexpectedDigestError} {@link WalletRefusedCallsError} nothing was sent
 * @see ERC-7836
 */
export async function sendPreparedCalls(request: ExecutorRequest): Promise<{ answer: unknown } | { refusal: Error | undefined }> {
  const { chainId, provider, signer } = request
  const key = { type: 'secp256k1', publicKey: signer.address, prehash: false }
  const params = [{ ...encodeWalletCalls(request), key, version }]
  const preparing = await requestWallet(provider, { method: prepareMethod, params }).then(
    (answer) => ({ answer }),
    (error: unknown) => {
      const kind = walletErrorKind(error)
      if (kind === 'unsupported') return { refusal: undefined }
      const refusal = callsError(error, { method: prepareMethod, chainId })
      if (kind === 'unauthorized') return { refusal }
      throw refusal
    },
  )
  if (!('answer' in preparing)) return preparing
  const { answer } = preparing
  const signature = await signDigest(answer, request)
  // The key as the wallet wrote it, which was checked, else ours.
  const signed = { ...withoutDigest(answer as object), key: (answer as { key?: unknown }).key ?? key, signature }
  const sent = await requestWallet(provider, { method: sendMethod, params: [signed] }).catch((error: unknown) => {
    throw callsError(error, { method: sendMethod, chainId })
  })
  return { answer: sent }
}

async function signDigest(answer: unknown, { chainId, signer }: ExecutorRequest): Promise<Hex> {
  const parsed = v.safeParse(preparedCalls, answer)
  if (!parsed.success) throw new InvalidWalletResponseError({ method: prepareMethod, reason: `${v.getDotPath(parsed.issues[0]) ?? 'it'} is not as expected` })
  const { digest, key, chainId: preparedFor } = parsed.output
  if (preparedFor !== chainId) throw new UnexpectedDigestError({ reason: `chain ${preparedFor}, not ${chainId}` })
  if (key && !isKeyOf(signer, key)) throw new UnexpectedDigestError({ reason: 'another key' })
  if (key?.prehash) throw new UnexpectedDigestError({ reason: 'a key that hashes what it signs' })
  if (!signer.sign) throw new Error('The session signer cannot sign a digest.')
  return signer.sign({ hash: digest })
}

/** Porto writes a secp256k1 key as an address, padded or not; others as the whole public key. A stored key knows only its address. */
function isKeyOf({ address }: LocalAccount, { type, publicKey }: { type: string; publicKey: Hex }): boolean {
  const written = size(publicKey) === publicKeyBytes ? publicKeyToAddress(publicKey) : publicKey
  return ['secp256k1', 'address'].includes(type) && [address, padHex(address, { size: 32 })].some((form) => form.toLowerCase() === written.toLowerCase())
}

/** Uncompressed: a byte that says so, and two coordinates. */
const publicKeyBytes = 65

function withoutDigest(answer: object): object {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => name !== 'digest'))
}
