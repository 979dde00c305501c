import { numberToHex, type Address } from 'viem'
import * as v from 'valibot'
import { rootOf } from '../delegation/context.js'
import { disableCall } from '../delegation/disableCall.js'
import { isDelegated } from '../delegation/grantedPermission.js'
import type { Execution } from '../delegation/redeem.js'
import type { Provider } from '../dialects/dialect.js'
import { sendToWallet } from '../dialects/sendToWallet.js'
import { walletError, walletErrorKind, wasTurnedAway } from '../dialects/walletErrors.js'
import { redactContexts } from '../execution/redactError.js'
import type { Session, SessionId } from '../sessions/session.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import { readSessionUsage } from './getPermissionUsage.js'
import { confirmAndRecord } from './revokeSession.js'

export type RevokeOutcome = { session: Session } | { error: Error }

/**
 * Ends many grants in one atomic transaction, where the wallet makes such; what it ended or refused is in the answer, by session. Sessions
 * that are not in the answer were left as they are: the wallet cannot, and each has to be ended by itself.
 *
 * @see ERC-5792 `wallet_sendCalls` with `atomicRequired`
 */
export async function revokeTogether(config: SessionKeyConfig, sessions: readonly Session[], deadline: number): Promise<ReadonlyMap<SessionId, RevokeOutcome>> {
  const { account, chainId, connector } = requireConnection(config)
  const provider = (await connector.getProvider({ chainId })) as Provider
  const outcomes = new Map<SessionId, RevokeOutcome>()
  if (!(await makesAtomicCalls(provider, account, chainId))) return outcomes
  const open = await Promise.all(sessions.filter((session) => session.chainId === chainId).map((session) => openCalls(config, session)))
  for (let start = 0; start < open.length; start += sessionsAtOnce) {
    const part = open.slice(start, start + sessionsAtOnce).filter((one) => one !== undefined)
    await revokePart({ config, provider, account, chainId, deadline, outcomes }, part)
  }
  return outcomes
}

/** A delegation costs about 60 000 gas to end, and a transaction has 16 777 216 at most (EIP-7825). */
const sessionsAtOnce = 40

type Part = { session: Session; calls: readonly Execution[]; sentAfter: bigint }

/** Undefined where a context cannot be read: such a one is not for here. */
async function openCalls(config: SessionKeyConfig, session: Session): Promise<Part | undefined> {
  try {
    const { permissions, asOf } = await readSessionUsage(config, session)
    const left = session.granted.filter(isDelegated).filter((_, index) => !permissions[index]?.disabled)
    return { session, calls: left.map(({ context }) => disableCall(rootOf(context))), sentAfter: asOf.blockNumber }
  } catch {
    return undefined
  }
}

type Work = {
  config: SessionKeyConfig
  provider: Provider
  account: Address
  chainId: number
  deadline: number
  outcomes: Map<SessionId, RevokeOutcome>
}

async function revokePart({ config, provider, account, chainId, deadline, outcomes }: Work, part: readonly Part[]): Promise<void> {
  const entered = await Promise.all(part.map(async ({ session, ...one }) => ({ ...one, before: session, revoking: await enter(config, session) })))
  const taken = entered.flatMap(({ revoking, ...one }) => (revoking ? [{ ...one, revoking }] : []))
  const calls = taken.flatMap((one) => one.calls)
  if (calls.length > 0) {
    try {
      await sendToWallet(provider, { method: 'wallet_sendCalls', params: [bundle({ account, chainId, calls })] })
    } catch (error) {
      redactContexts(error, taken.flatMap(({ before }) => before.granted))
      const refused = walletErrorKind(error) === 'rejected' || !wasTurnedAway(error)
      await Promise.all(
        taken.map(async ({ before, revoking }) => {
          // Only a clear no leaves everything as it was; after anything else the calls may be on their way.
          if (wasTurnedAway(error) && before.status !== 'revoking') await config.sessions.transition(revoking, before.status)
          if (refused) outcomes.set(before.id, { error: walletError(error, { method: 'wallet_sendCalls', chainId }) })
        }),
      )
      return
    }
  }
  await Promise.all(
    taken.map(async ({ before, sentAfter, revoking }) => {
      const outcome = await confirmAndRecord(config, revoking, { answers: [], sentAfter, deadline }).catch((error: Error) => ({ error }))
      outcomes.set(before.id, 'session' in outcome ? { session: outcome.session } : outcome)
    }),
  )
}

/** Undefined where another tab is faster. */
async function enter(config: SessionKeyConfig, session: Session): Promise<Session | undefined> {
  return session.status === 'revoking' ? session : config.sessions.transition(session, 'revoking').catch(() => undefined)
}

function bundle({ account, chainId, calls }: { account: Address; chainId: number; calls: readonly Execution[] }) {
  return {
    version: '2.0.0',
    id: crypto.randomUUID(),
    chainId: numberToHex(chainId),
    from: account,
    atomicRequired: true,
    calls: calls.map(({ to, data, value }) => ({ to, data, value: numberToHex(value) })),
  }
}

const atomic = v.object({ atomic: v.object({ status: v.picklist(['supported', 'ready']) }) })

async function makesAtomicCalls(provider: Provider, account: Address, chainId: number): Promise<boolean> {
  const chain = numberToHex(chainId)
  try {
    const answer = await sendToWallet(provider, { method: 'wallet_getCapabilities', params: [account, [chain]] })
    return v.safeParse(v.object({ [chain]: atomic }), answer).success
  } catch {
    return false
  }
}
