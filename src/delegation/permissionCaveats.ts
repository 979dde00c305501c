import { concatHex, padHex, size, type Hex } from 'viem'
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
  const counted = callLimit === undefined ? [] : [caveats.callLimit(callLimit)]
  const exact = groups.flatMap((group) => (group.type === 'exact' ? [caveats.exactExecution({ to: address, value: 0n, data: group.data })] : []))
  // Calls that are known to the last byte and carry nothing: one enforcer holds contract, value and data, where three would.
  if (exact.length > 0 && exact.length === groups.length && valueLimit === 0n) return [...oneOf(exact.map((one) => [one])), ...counted]
  return [caveats.targets([address]), ...oneOf(groups.map(groupCaveats)), caveats.value(valueLimit), ...counted]
}

function oneOf(groups: readonly (readonly Caveat[])[]): readonly Caveat[] {
  return groups.length > 1 ? [caveats.anyOf(groups)] : groups.flat()
}

export function groupCaveats(group: FunctionGroup): readonly Caveat[] {
  switch (group.type) {
    case 'selectors':
      return [caveats.methods(group.selectors)]
    case 'ranges':
      return rangeCaveats(group)
    case 'exact':
      return [caveats.exactCalldata(group.data)]
    default:
      return group satisfies never
  }
}

/**
 * One enforcer for bytes that stand side by side: each one more costs some 20 000 gas a call. A selector before the first argument is such
 * bytes too.
 */
function rangeCaveats({ selector, ranges }: Extract<FunctionGroup, { type: 'ranges' }>): readonly Caveat[] {
  const first = ranges[0]?.start === size(selector) ? [{ start: 0, value: selector }] : []
  const joined = [...first, ...ranges].reduce<Range[]>((done, range) => {
    const last = done.at(-1)
    const touches = last !== undefined && last.start + size(last.value) === range.start
    return touches ? [...done.slice(0, -1), { start: last.start, value: concatHex([last.value, range.value]) }] : [...done, range]
  }, [])
  return [...(first.length > 0 ? [] : [caveats.methods([selector])]), ...joined.map(({ start, value }) => caveats.calldataRange(start, value))]
}

type Range = { start: number; value: Hex }

export function started<permission extends { startTime?: UnixSeconds | undefined }>(
  permission: permission,
): permission & { startTime: UnixSeconds } {
  const { startTime } = permission
  // Resolved when the grant is made; reaching this without one is a defect of the kit, never a wider grant.
  if (startTime === undefined) throw new Error('A period or a stream has no start.')
  return { ...permission, startTime }
}
