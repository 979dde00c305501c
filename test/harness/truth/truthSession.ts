import { encodeFunctionData, parseAbi } from 'viem'
import type { GetPermissionUsageReturnType } from '../../../src/actions/getPermissionUsage.js'
import { encodeContext } from '../../../src/delegation/context.js'
import type { Delegation } from '../../../src/delegation/delegation.js'
import { disableCall } from '../../../src/delegation/disableCall.js'
import { enforcers, framework } from '../../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../../src/delegation/grantedPermission.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../../src/delegation/metaMaskCaveats.js'
import { permissionCaveats } from '../../../src/delegation/permissionCaveats.js'
import { encodeRedeemDelegations, type Redemption } from '../../../src/delegation/redeem.js'
import { decodeRevertReason, type RevertReason } from '../../../src/delegation/revertReason.js'
import { readUsage } from '../../../src/delegation/usage.js'
import { revertError, SessionCallRevertedError } from '../../../src/execution/errors.js'
import { redemptionsFor } from '../../../src/execution/redemptions.js'
import type { Call } from '../../../src/permissions/check.js'
import type { Permission, UnixSeconds } from '../../../src/permissions/permission.js'
import { anyWayThrough, askChain } from './chainVerdict.js'
import { createDraw, type Draw } from './draw.js'
import { drawCalls } from './drawCalls.js'
import { drawMoments } from './drawMoments.js'
import { drawSession, type DrawnSession } from './drawSession.js'
import { wordOf, type Judge } from './judgement.js'
import { worldBegins, type TruthWorld } from './truthWorld.js'

/** Calls that were decided twice. */
export type TruthCase = {
  permissions: readonly Permission[]
  calls: readonly Call[]
  now: UnixSeconds
  /** What the kit said, in one word (`wordOf`). */
  said: string
  /** The types of the permissions that it named. */
  named: readonly Permission['type'][]
  /** `failed`: let through, and then the called contract did not do it. `either`: the kit says that the chain may decide either way. */
  chain: 'made' | 'failed' | 'refused' | 'either'
  agrees: boolean
  /** What enforcers said that the kit has no error of its own for. */
  untyped: readonly string[]
}

const moments = 6
const batchesAtOnce = 4
export const casesPerSession = moments * batchesAtOnce

/** By any device's clock still to come, so that nothing counts as begun before the chain says so. */
const aheadOfAnyClock: UnixSeconds = 4_000_000_000
const behindAnyClock: UnixSeconds = worldBegins + 100_000

/**
 * One session from its grant past its end, on the world as it was made: looked at in several moments, with calls of its own really made in
 * between. The same seed gives the same session.
 */
export async function runTruthSession(world: TruthWorld, judge: Judge, seed: number): Promise<readonly TruthCase[]> {
  const draw = createDraw(seed)
  const begins = draw.chance(0.04) ? behindAnyClock : aheadOfAnyClock
  await world.reset()
  await world.mineAt(begins)
  const drawn = drawSession(draw, { places: world, account: world.account, now: begins })
  const session = await grant(world, draw, drawn)
  const cases: TruthCase[] = []
  const when = drawMoments(draw, drawn, begins, moments)
  for (const [index, now] of when.entries()) {
    await world.mineAt(now)
    const usage = await usageOf(world, session)
    const batches = Array.from({ length: batchesAtOnce }, () => drawCalls(draw, { places: world, account: world.account, permissions: session.permissions, usage: usage.permissions }))
    const decided = await Promise.all(batches.map((calls) => decide(world, judge, session, calls, usage)))
    cases.push(...decided.map(({ decided }) => decided))
    if ((when[index + 1] ?? Infinity) > now + 1) await goOn(world, draw, session, decided, now + 1)
  }
  return cases
}

type GrantedSession = { permissions: readonly Permission[]; granted: readonly DelegatedPermission[]; delegations: readonly Delegation[]; expiry: UnixSeconds }

async function grant(world: TruthWorld, draw: Draw, { permissions, expiry }: DrawnSession): Promise<GrantedSession> {
  const delegations: Delegation[] = []
  for (const { permission, byMetaMask } of permissions) {
    const caveats = byMetaMask ? metaMaskCaveats(permission as MetaMaskPermission, expiry, 0n) : permissionCaveats(permission, expiry)
    delegations.push(await world.sign(caveats, drawSalt(draw)))
  }
  const granted = permissions.map(({ permission }, index) => ({
    permission,
    context: encodeContext([delegations[index] as Delegation]),
    delegationManager: framework.DelegationManager,
  }))
  return { permissions: permissions.map(({ permission }) => permission), granted, delegations, expiry }
}

function drawSalt(draw: Draw): bigint {
  return Array.from({ length: 8 }, () => BigInt(draw.whole(0, 2 ** 32 - 1))).reduce((salt, part) => (salt << 32n) | part, 0n)
}

/** As `getPermissionUsage` puts it together. */
async function usageOf(world: TruthWorld, { permissions, delegations, expiry }: GrantedSession): Promise<GetPermissionUsageReturnType> {
  const { usages, asOf } = await readUsage(world.client, permissions.map((permission, index) => ({ permission, delegation: delegations[index] as Delegation })))
  return {
    permissions: usages.map((usage, index) => ({ ...usage, permission: permissions[index] as Permission })),
    counted: true,
    revoked: usages.some(({ disabled }) => disabled),
    expired: asOf.timestamp >= expiry,
    asOf,
  }
}

function isUntyped(reason: RevertReason): boolean {
  return reason.contract.endsWith('Enforcer') && revertError(reason, new Error(reason.reason)) instanceof SessionCallRevertedError
}

type Decided = { decided: TruthCase; redemptions: readonly Redemption[] | undefined }

async function decide(world: TruthWorld, judge: Judge, session: GrantedSession, calls: readonly Call[], usage: GetPermissionUsageReturnType): Promise<Decided> {
  const { permissions, granted, delegations } = session
  const judged = judge(session, calls, usage)
  const about = { permissions, calls, now: usage.asOf.timestamp, said: wordOf(judged) }
  if ('covers' in judged) {
    const redemptions = redemptionsFor(granted, calls, judged.covers)
    const { status } = await askChain(world, redemptions)
    const untyped: readonly string[] = []
    const named = judged.covers.map(({ permission }) => (permissions[permission] as Permission).type)
    if (judged.isStarting) return { decided: { ...about, named, chain: 'either', agrees: true, untyped }, redemptions: undefined }
    return { decided: { ...about, named, chain: status, agrees: status !== 'refused', untyped }, redemptions: status === 'made' ? redemptions : undefined }
  }
  const nearest = 'refusal' in judged && 'permission' in judged.refusal ? permissions[judged.refusal.permission] : undefined
  const { through, said } = await anyWayThrough(world, delegations, calls)
  const chain = through ? 'made' : 'refused'
  const untyped = said.map(decodeRevertReason).flatMap((reason) => (reason && isUntyped(reason) ? [`${reason.contract}:${reason.reason}`] : []))
  return { decided: { ...about, named: nearest ? [nearest.type] : [], chain, agrees: !through, untyped }, redemptions: undefined }
}

/** Something really happens, so that the next moment finds other limits: mostly calls that were allowed, rarely the end of a permission. */
async function goOn(world: TruthWorld, draw: Draw, { delegations }: GrantedSession, decided: readonly Decided[], moment: UnixSeconds): Promise<void> {
  if (draw.chance(0.05)) {
    const { to, data } = disableCall(draw.one(delegations))
    await world.transactAt(moment, world.account, to, data)
    return
  }
  if (draw.chance(0.03)) {
    await world.transactAt(moment, world.account, enforcers.NonceEnforcer, encodeFunctionData({ abi: nonceAbi, args: [framework.DelegationManager] }))
    return
  }
  const possible = decided.flatMap(({ redemptions }) => (redemptions ? [redemptions] : []))
  if (possible.length > 0) await world.transactAt(moment, world.key, framework.DelegationManager, encodeRedeemDelegations(draw.one(possible)))
}

const nonceAbi = parseAbi(['function incrementNonce(address delegationManager)'])
