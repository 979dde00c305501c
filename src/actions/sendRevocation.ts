import { numberToHex } from 'viem'
import { rootOf } from '../delegation/context.js'
import { disableCall } from '../delegation/disableCall.js'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { Dialect, KnownGrant, Provider, WireRequest } from '../dialects/dialect.js'
import { WalletChainMismatchError } from '../dialects/errors.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { walletErrorKind } from '../dialects/walletErrors.js'
import { RevokeInWalletError } from './errors.js'

export type RevokingWallet = { provider: Provider; name: string; dialect: Dialect }

type Outcome = { answers: readonly unknown[]; failures: readonly unknown[] }

/**
 * Sends what ends a grant: the wallet's own method, and where it has none, the user's transaction to the DelegationManager.
 * Nothing is thrown: what failed is among `failures`.
 *
 * @see ERC-7715 `wallet_revokeExecutionPermission` (MetaMask names it and does not answer it); `disableDelegation`
 */
export async function sendRevocation(
  wallet: RevokingWallet,
  grant: KnownGrant,
  { id, via }: { id: string; via?: 'wallet' | 'chain' | undefined },
): Promise<Outcome> {
  const { provider, dialect } = wallet
  const known = withoutMethod.get(provider)?.has(dialect.id) && via !== 'wallet'
  const requests = via === 'chain' || known ? [] : dialect.encodeRevoke(grant)
  const outcome = await sendAll(requests, (request) => sendToWallet(provider, request, dialect))
  const missing = outcome.answers.length === 0 && outcome.failures.every(hasNoMethod)
  if (!missing || via === 'wallet') return outcome
  const [cause] = outcome.failures
  if (cause !== undefined && walletErrorKind(cause) === 'unsupported') {
    withoutMethod.set(provider, new Set([...(withoutMethod.get(provider) ?? []), dialect.id]))
  }
  return byTransaction(wallet, grant, { id, cause })
}

/** Wallets that turned out to have no method for it, by dialect. */
const withoutMethod = new WeakMap<Provider, ReadonlySet<string>>()

/** MetaMask reads another shape where it reads the method at all, so a refused shape counts as none. */
function hasNoMethod(error: unknown): boolean {
  return ['unsupported', 'refused'].includes(walletErrorKind(error))
}

async function byTransaction({ provider, name }: RevokingWallet, grant: KnownGrant, { id, cause }: { id: string; cause: unknown }): Promise<Outcome> {
  const { account, chainId, granted } = grant
  if (!granted.every(isDelegated)) {
    return { answers: [], failures: [new RevokeInWalletError({ id, wallet: name, cause: cause instanceof Error ? cause : undefined })] }
  }
  const walletChainId = Number(await sendToWallet(provider, { method: 'eth_chainId' }).catch(() => undefined))
  if (walletChainId !== chainId) {
    const known = Number.isSafeInteger(walletChainId) ? walletChainId : undefined
    return { answers: [], failures: [new WalletChainMismatchError({ chainId, walletChainId: known })] }
  }
  const transactions = granted.map(({ context }) => {
    const { to, data } = disableCall(rootOf(context))
    return { method: 'eth_sendTransaction', params: [{ from: account, to, data, chainId: numberToHex(chainId) }] }
  })
  return sendAll(transactions, (request) => sendToWallet(provider, request))
}

/** At once: a wallet that shows prompts queues them, and one that answers late does not hold up the others. */
async function sendAll(requests: readonly WireRequest[], send: (request: WireRequest) => Promise<unknown>): Promise<Outcome> {
  const outcomes = await Promise.allSettled(requests.map(send))
  return {
    answers: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    failures: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : [])),
  }
}
