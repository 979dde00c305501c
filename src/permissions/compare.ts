import { encodePacked, keccak256, stringToHex, type Hex } from 'viem'
import type { Permission, UnixSeconds } from './permission.js'

export type Terms = { permissions: readonly Permission[]; expiry: UnixSeconds }

/** `narrower` and `equal` may be used; anything `wider` or `other` must never be. */
export type Difference = {
  /** Index in what was asked; undefined for something nobody asked for. */
  asked: number | undefined
  path: string
  kind: 'narrower' | 'wider' | 'missing' | 'other'
}

/** Compares what a wallet granted with what was asked, in the order asked. */
export function compare(asked: Terms, granted: Terms): readonly Difference[] {
  const differences: Difference[] = []
  if (granted.expiry !== asked.expiry) {
    // To the enforcer 0 means: no end.
    differences.push({ asked: undefined, path: 'expiry', kind: granted.expiry < asked.expiry && granted.expiry > 0 ? 'narrower' : 'wider' })
  }
  asked.permissions.forEach((permission, index) => {
    const answer = granted.permissions[index]
    if (!answer) differences.push({ asked: index, path: 'permission', kind: 'missing' })
    else differences.push(...comparePermission(permission, answer).map((difference) => ({ ...difference, asked: index })))
  })
  for (let index = asked.permissions.length; index < granted.permissions.length; index += 1) {
    differences.push({ asked: undefined, path: `permissions[${index}]`, kind: 'wider' })
  }
  return differences
}

/** True when nothing that was granted goes beyond what was asked. */
export function isNotWider(differences: readonly Difference[]): boolean {
  return differences.every(({ kind }) => kind === 'narrower' || kind === 'missing')
}

/** Fields where a smaller value allows less. */
const bounds = ['limit', 'callLimit', 'valueLimit', 'perSecond', 'initial', 'max'] as const

function comparePermission(asked: Permission, granted: Permission): Omit<Difference, 'asked'>[] {
  if (asked.type !== granted.type) return [{ path: 'type', kind: 'other' }]
  const differences: Omit<Difference, 'asked'>[] = []
  const ask = asked as Record<string, unknown>
  const got = granted as Record<string, unknown>
  for (const path of new Set([...Object.keys(ask), ...Object.keys(got)])) {
    if (path === 'optional' || canonicalText(ask[path]) === canonicalText(got[path])) continue
    const bound = (bounds as readonly string[]).includes(path)
    if (bound && ask[path] === undefined) differences.push({ path, kind: 'narrower' })
    else if (bound && got[path] !== undefined) {
      differences.push({ path, kind: (got[path] as bigint) < (ask[path] as bigint) ? 'narrower' : 'wider' })
    } else differences.push({ path, kind: path === 'payee' && ask[path] === undefined ? 'narrower' : 'other' })
  }
  return differences
}

/** The same text for the same meaning: letter case of addresses and order of keys do not count. */
function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}:${canonicalText(item)}`).join()}}`
  }
  return String(value)
}

/** Knows a set of permissions again, however its addresses are written. */
export function hashPermissions(permissions: readonly Permission[]): Hex {
  return keccak256(encodePacked(['bytes[]'], [permissions.map((permission) => stringToHex(canonicalText(permission)))]))
}
