import { canonicalText } from './canonicalText.js'
import type { Permission } from './permission.js'

/**
 * Which granted permission answers which asked one, by index; undefined where none does. The same ones first, then those
 * on the same contract or token, and what is left by its place: a wallet may leave some out, or sort them.
 */
export function pairPermissions(asked: readonly Permission[], granted: readonly Permission[]): readonly (number | undefined)[] {
  const pairs: (number | undefined)[] = asked.map(() => undefined)
  const taken = new Set<number>()
  // Written out once: each is compared with many.
  const texts = { asked: asked.map(canonicalText), granted: granted.map(canonicalText) }
  const same = (index: number, position: number) => texts.asked[index] === texts.granted[position]
  const pair = (fits: (a: Permission, b: Permission, askedIndex: number, grantedIndex: number) => boolean) => {
    asked.forEach((permission, index) => {
      if (pairs[index] !== undefined) return
      const found = granted.findIndex((other, position) => !taken.has(position) && fits(permission, other, index, position))
      if (found < 0) return
      pairs[index] = found
      taken.add(found)
    })
  }
  pair((_a, _b, index, position) => index === position && same(index, position))
  pair((_a, _b, index, position) => same(index, position))
  pair((a, b, index, position) => index === position && targetOf(a) === targetOf(b))
  pair((a, b) => targetOf(a) === targetOf(b))
  pair((_a, _b, index, position) => index === position)
  return pairs
}

function targetOf(permission: Permission): string {
  const contract = permission.type === 'contract-call' ? permission.address : 'token' in permission ? permission.token : 'native'
  return `${permission.type} ${canonicalText(contract)}`
}
