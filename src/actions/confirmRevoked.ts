import type { Hash } from 'viem'
import { waitForTransactionReceipt } from 'viem/actions'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { Session } from '../sessions/session.js'
import { getChainClient, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { RevocationNotConfirmedError } from './errors.js'
import { readSessionUsage } from './getPermissionUsage.js'

export type RevokedAt = { blockNumber: bigint; transactionHash: Hash | undefined }

/**
 * Resolves when the chain says that the session has ended, whatever the wallet said: every delegation disabled, or the account
 * without that key; where the account cannot be asked, the wallet's transaction in a block of ours.
 *
 * @throws {RevocationNotConfirmedError} not seen in time
 */
export async function confirmRevoked(
  config: SessionKeyConfig,
  session: Session,
  { answers, deadline }: { answers: readonly unknown[]; deadline: number },
): Promise<RevokedAt> {
  const { pollingInterval } = config.wagmi.getClient({ chainId: session.chainId })
  const transactionHash = answers.map(hashOf).find((hash) => hash !== undefined)
  for (;;) {
    const { permissions, counted, asOf } = await readSessionUsage(config, session)
    if (permissions.every(({ disabled }) => disabled)) return { blockNumber: asOf.blockNumber, transactionHash }
    if (!counted && transactionHash && !session.granted.some(isDelegated)) return byReceipt(config, session, { transactionHash, deadline })
    if (Date.now() >= deadline) throw new RevocationNotConfirmedError({ id: session.id })
    await new Promise((resolve) => setTimeout(resolve, Math.min(pollingInterval, 1_000)))
  }
}

async function byReceipt(
  config: SessionKeyConfig,
  { id, chainId }: Session,
  { transactionHash, deadline }: { transactionHash: Hash; deadline: number },
): Promise<RevokedAt> {
  const timeout = Math.max(1, deadline - Date.now())
  const receipt = await waitForTransactionReceipt(getChainClient(config, chainId), { hash: transactionHash, timeout }).catch(() => undefined)
  if (receipt?.status !== 'success') throw new RevocationNotConfirmedError({ id })
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
