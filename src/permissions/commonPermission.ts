import { commonFunctions } from './compareFunctions.js'
import type { ContractCallPermission, Permission } from './permission.js'

/**
 * What two permissions on the same thing both allow: of each limit the tighter one. For pairs whose differences are
 * `narrower` or `broader` (`compare`); others have nothing in common.
 */
export function commonPermission(a: Permission, b: Permission): Permission {
  // What one side leaves open is as the other has it, also where it is there and undefined.
  const common: Record<string, unknown> = { ...b, ...Object.fromEntries(Object.entries(a).filter(([, value]) => value !== undefined)) }
  for (const path of ['limit', 'callLimit', 'valueLimit', 'perSecond', 'initial', 'max']) keep(common, path, tighter(a, b, path, (x, y) => x < y))
  keep(common, 'startTime', tighter(a, b, 'startTime', (x, y) => x > y))
  if (a.type === 'contract-call') keep(common, 'functions', commonFunctions(a.functions, (b as ContractCallPermission).functions))
  return common as Permission
}

type Value = number | bigint | undefined

function tighter(a: Permission, b: Permission, path: string, isTighter: (x: number | bigint, y: number | bigint) => boolean): Value {
  const x = (a as Record<string, unknown>)[path] as Value
  const y = (b as Record<string, unknown>)[path] as Value
  if (x === undefined || y === undefined) return x ?? y
  return isTighter(x, y) ? x : y
}

function keep(target: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined) delete target[path]
  else target[path] = value
}
