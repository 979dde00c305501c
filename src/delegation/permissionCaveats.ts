import { padHex } from 'viem'
import { InvalidExpiryError } from '../permissions/errors.js'
import { functionGroups, type FunctionGroup } from '../permissions/functionGroups.js'
import type { ContractCallPermission, Permission, UnixSeconds } from '../permissions/permission.js'
import { caveats } from './caveats.js'
import type { Caveat } from './delegation.js'

/**
 * The caveats that enforce exactly one permission until `expiry`. Periods and streams must have a start.
 * Every permission that allows no native token says so (`ValueLteEnforcer` 0); native ones allow no calldata.
 * @throws {InvalidExpiryError} no expiry
 */
export function permissionCaveats(permission: Permission, expiry: UnixSeconds): readonly Caveat[] {
  // The enforcer takes 0 for "no end"; a grant without one must not be possible, whoever asks.
  if (!(expiry > 0)) throw new InvalidExpiryError(`${expiry} is no end.`)
  return [caveats.time({ from: startOf(permission), until: expiry }), ...limitCaveats(permission), ...payeeCaveats(permission)]
}

/** Periods and streams carry their start in their own terms. */
function startOf(permission: Permission): UnixSeconds | undefined {
  return 'period' in permission || 'perSecond' in permission ? undefined : permission.startTime
}

/** What may be called or spent, by whatever moment and for whomever. */
export function limitCaveats(permission: Permission): readonly Caveat[] {
  switch (permission.type) {
    case 'contract-call':
      return contractCallCaveats(permission)
    case 'erc20-token-allowance':
      return [caveats.erc20Total(permission.token, permission.limit), caveats.value(0n)]
    case 'erc20-token-periodic':
      return [caveats.erc20Period(permission.token, started(permission)), caveats.value(0n)]
    case 'erc20-token-stream':
      return [caveats.erc20Stream(permission.token, started(permission)), caveats.value(0n)]
    case 'native-token-allowance':
      return [caveats.nativeTotal(permission.limit), caveats.exactCalldata('0x')]
    case 'native-token-periodic':
      return [caveats.nativePeriod(started(permission)), caveats.exactCalldata('0x')]
    case 'native-token-stream':
      return [caveats.nativeStream(started(permission)), caveats.exactCalldata('0x')]
    case 'erc721-token-transfer':
      return [caveats.erc721(permission.token, permission.tokenId), caveats.value(0n)]
    default:
      return permission satisfies never
  }
}

export function payeeCaveats(permission: Permission): readonly Caveat[] {
  if (!('payee' in permission) || !permission.payee) return []
  // transfer(address to, uint256 amount): the recipient is the first word after the selector.
  return 'token' in permission ? [caveats.calldataRange(4, padHex(permission.payee, { size: 32 }))] : [caveats.targets([permission.payee])]
}

function contractCallCaveats({ address, functions, callLimit, valueLimit }: ContractCallPermission): Caveat[] {
  const groups = functions ? functionGroups(functions) : []
  return [
    caveats.targets([address]),
    ...(groups.length > 1 ? [caveats.anyOf(groups.map(groupCaveats))] : groups.flatMap(groupCaveats)),
    caveats.value(valueLimit),
    ...(callLimit === undefined ? [] : [caveats.callLimit(callLimit)]),
  ]
}

export function groupCaveats(group: FunctionGroup): readonly Caveat[] {
  switch (group.type) {
    case 'selectors':
      return [caveats.methods(group.selectors)]
    case 'ranges':
      return [caveats.methods([group.selector]), ...group.ranges.map(({ start, value }) => caveats.calldataRange(start, value))]
    case 'exact':
      return [caveats.exactCalldata(group.data)]
    default:
      return group satisfies never
  }
}

export function started<permission extends { startTime?: UnixSeconds | undefined }>(
  permission: permission,
): permission & { startTime: UnixSeconds } {
  const { startTime } = permission
  // Resolved when the grant is made; reaching this without one is a defect of the kit, never a wider grant.
  if (startTime === undefined) throw new Error('A period or a stream has no start.')
  return { ...permission, startTime }
}
