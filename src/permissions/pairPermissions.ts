import { canonicalText } from './canonicalText.js'
import { isWithinPermission } from './comparePermission.js'
import type { Permission } from './permission.js'

/**
 * Which granted permission answers which asked one, by index; undefined where none does. First all that can be answered without
 * anything broader, what the app needs before what is `optional`; then those on the same contract or token, and what is left by its
 * place: a wallet may leave some out, lower some, or sort them.
 */
export function pairPermissions(asked: readonly Permission[], granted: readonly Permission[]): readonly (number | undefined)[] {
  const pairs = pairWithin(asked, granted)
  const taken = new Set<number>(pairs.flatMap((position) => position ?? []))
  const pair = (fits: (a: Permission, b: Permission, askedIndex: number, grantedIndex: number) => boolean) => {
    asked.forEach((permission, index) => {
      if (pairs[index] !== undefined) return
      const found = granted.findIndex((other, position) => !taken.has(position) && fits(permission, other, index, position))
      if (found < 0) return
      pairs[index] = found
      taken.add(found)
    })
  }
  pair((a, b, index, position) => index === position && targetOf(a) === targetOf(b))
  pair((a, b) => targetOf(a) === targetOf(b))
  pair((_a, _b, index, position) => index === position)
  return pairs
}

/** As many pairs as there can be (Kuhn's algorithm), so that a lowered one does not take the place of another. */
function pairWithin(asked: readonly Permission[], granted: readonly Permission[]): (number | undefined)[] {
  // Written out once: each is compared with many, and only what is about the same is compared in full.
  const read = (permission: Permission) => ({ permission, text: canonicalText({ ...permission, optional: undefined }), target: targetOf(permission) })
  const texts = { asked: asked.map(read), granted: granted.map(read) }
  const nearness = (index: number, position: number) => {
    const [one, other] = [texts.asked[index], texts.granted[position]]
    if (!one || one.target !== other?.target) return 0
    return one.text === other.text ? (index === position ? 4 : 3) : isWithinPermission(one.permission, other.permission) ? (index === position ? 2 : 1) : 0
  }
  const candidates = asked.map((_, index) => {
    const fitting = granted.map((_, position) => ({ position, near: nearness(index, position) })).filter(({ near }) => near > 0)
    return fitting.sort((a, b) => b.near - a.near).map(({ position }) => position)
  })
  const answeredBy = new Map<number, number>()
  const place = (index: number, seen: Set<number>): boolean =>
    (candidates[index] ?? []).some((position) => {
      if (seen.has(position)) return false
      seen.add(position)
      const holder = answeredBy.get(position)
      if (holder !== undefined && !place(holder, seen)) return false
      answeredBy.set(position, index)
      return true
    })
  const order = asked.map((_, index) => index).sort((a, b) => Number(asked[a]?.optional ?? false) - Number(asked[b]?.optional ?? false))
  for (const index of order) place(index, new Set())
  const pairs: (number | undefined)[] = asked.map(() => undefined)
  for (const [position, index] of answeredBy) pairs[index] = position
  return pairs
}

/** What a permission is about: its type, and the contract or token. */
export function targetOf(permission: Permission): string {
  const contract = permission.type === 'contract-call' ? permission.address : 'token' in permission ? permission.token : 'native'
  return `${permission.type} ${canonicalText(contract)}`
}
