import type { Hash } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { isDelegated } from '../delegation/grantedPermission.js'
import { failedOperation } from '../execution/openfortReceipt.js'
import { knownGrant } from '../sessions/knownGrant.js'
import type { Session } from '../sessions/session.js'
import { dialectById } from './connectedWallet.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { RevocationNotConfirmedError } from './errors.js'
import { readSessionUsage } from './getPermissionUsage.js'

export type RevokedAt = { blockNumber: bigint; transactionHash: Hash | undefined }

export type Confirmation = {
  /** What the wallet said to the revocation. */
  answers: readonly unknown[]
  /** The newest block before it was sent. */
  sentAfter: bigint
  /** Of this device's clock, in ms. */
  deadline: number
}

/**
 * Resolves when the chain says that the session has ended, whatever the wallet said: every delegation disabled, or the key ended in the
 * account; where the account cannot be asked, the wallet's transaction in a block of ours, later than `sentAfter`.
 *
 * @throws {RevocationNotConfirmedError} not seen in time
 */
export async function confirmRevoked(
  config: SessionKeyConfig,
  session: Session,
  { answers, sentAfter, deadline }: Confirmation,
): Promise<RevokedAt> {
  const { pollingInterval } = config.wagmi.getClient({ chainId: session.chainId })
  const transactionHash = answers.map(hashOf).find((hash) => hash !== undefined)
  for (;;) {
    const { permissions, counted, asOf } = await readSessionUsage(config, session)
    if (permissions.every(({ disabled }) => disabled)) return { blockNumber: asOf.blockNumber, transactionHash }
    if (!counted && transactionHash && !session.granted.some(isDelegated) && !(await answersItself(config, session))) {
      return byReceipt(config, session, { transactionHash, sentAfter, deadline })
    }
    if (Date.now() >= deadline) throw new RevocationNotConfirmedError({ id: session.id })
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollingInterval, 1_000)))
  }
}

/** An account that says something of its keys has the last word, also where it has not heard of this one. */
async function answersItself(config: SessionKeyConfig, session: Session): Promise<boolean> {
  const { readOnChain } = dialectById(config, session.dialect)
  return (await readOnChain?.(getChainClient(config, session.chainId), knownGrant(session))) !== undefined
}

/** What a wallet names may be any transaction: one from before, one that failed, one around an operation that failed (ERC-4337). */
async function byReceipt(
  config: SessionKeyConfig,
  { id, chainId, account }: Session,
  { transactionHash, sentAfter, deadline }: Omit<Confirmation, 'answers'> & { transactionHash: Hash },
): Promise<RevokedAt> {
  const timeout = Math.max(1, deadline - Date.now())
  // Of a transaction that was replaced there is no receipt, and its replacement may be anything.
  const receipt = await waitForTransactionReceipt(getChainClient(config, chainId), { hash: transactionHash, timeout, checkReplacement: false }).catch(() => undefined)
  const ended = receipt?.status === 'success' && receipt.blockNumber > sentAfter && failedOperation(receipt, account) === undefined
  if (!ended) throw new RevocationNotConfirmedError({ id })
  return { blockNumber: receipt.blockNumber, transactionHash }
}

/** Some wallets say which transaction it was; the ERC asks for an empty answer. Openfort nests it. */
function hashOf(answer: unknown): Hash | undefined {
  if (typeof answer === 'string') return isHash(answer) ? answer : undefined
  const { transactionHash, transactionIntents } = (answer ?? {}) as { transactionHash?: unknown; transactionIntents?: unknown }
  const intent = Array.isArray(transactionIntents) ? (transactionIntents.at(-1) as { response?: { transactionHash?: unknown } } | undefined) : undefined
  return [transactionHash, intent?.response?.transactionHash].find(isHash)
}

function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value)
}
