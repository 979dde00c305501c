import { isDelegated } from '../delegation/grantedPermission.js'
import type { CallRefusedError } from '../execution/errors.js'
import { amountOf, type Cover } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { isHeld, usablePermissions, type Session } from '../sessions/session.js'
import type { ActingConfig } from './actingConfig.js'
import { judgeCalls, refusedBecause } from './checkCalls.js'
import { readSessionUsage, type GetPermissionUsageReturnType } from './getPermissionUsage.js'
import { noteUsage } from './noteUsage.js'
import type { EncodedCall } from './sessionCalls.js'
import type { Use } from './usageLedger.js'

export type SendingPlan = { now: UnixSeconds; blockNumber: bigint } & (
  | {
      covers: readonly Cover[]
      /** Every limit is known, and there is room in it even when all that is on its way is counted. */
      certain: boolean
      /** The limits as they are known to this page count the calls as made from here on. */
      use: Use | undefined
    }
  | { error: CallRefusedError }
)

/**
 * Which permission covers each call, by what this page knows of the limits; where that is old, or would refuse, by what the chain says now.
 * Only what the chain says is a reason to refuse.
 */
export async function planSending(config: ActingConfig, session: Session, calls: readonly EncodedCall[]): Promise<SendingPlan> {
  // Where more was granted than asked, nobody but this check holds the session to what was asked: it goes by the chain, and counts what is on its way.
  const held = isHeld(session)
  const known = held ? undefined : config.usage.current(session.id)
  const verdict = known && judgeCalls(session, calls, known)
  if (known && verdict && 'covers' in verdict) return begin(config, session, { calls, verdict, usage: known, certain: true })

  const read = await config.usage.read(session.id, () => readSessionUsage(config, session))
  void noteUsage(config, session, read)
  const usage = held ? config.usage.less(session.id, read) : read
  const said = judgeCalls(session, calls, usage)
  const { timestamp: now, blockNumber } = usage.asOf
  if (!('covers' in said)) return { error: await refusedBecause(config, session, calls, said), now, blockNumber }
  // What is on its way may fail, so it is no reason to refuse; but then the contracts are asked first.
  const careful = judgeCalls(session, calls, config.usage.less(session.id, read))
  return begin(config, session, { calls, usage, ...('covers' in careful ? { verdict: careful, certain: true } : { verdict: said, certain: false }) })
}

type Allowed = { calls: readonly EncodedCall[]; verdict: { covers: readonly Cover[]; isStarting: boolean }; usage: GetPermissionUsageReturnType; certain: boolean }

/** From the verdict to here there is no await: of two sends at once, one counts the other. */
function begin(config: ActingConfig, session: Session, { calls, verdict, usage, certain }: Allowed): SendingPlan {
  const { covers, isStarting } = verdict
  const permissions = usablePermissions(session)
  const taken = covers.map(({ permission }, index) => ({ permission, amount: amountTaken(permissions[permission] as Permission, calls[index] as EncodedCall) }))
  return {
    covers,
    certain: certain && usage.counted && !isStarting,
    use: session.granted.every(isDelegated) ? config.usage.begin(session.id, taken) : undefined,
    now: usage.asOf.timestamp,
    blockNumber: usage.asOf.blockNumber,
  }
}

function amountTaken(permission: Permission, call: EncodedCall): bigint {
  return permission.type === 'contract-call' || permission.type === 'erc721-token-transfer' ? 0n : amountOf(permission, call)
}
