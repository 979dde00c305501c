import type { Permission } from './permission.js'

/**
 * Why the kit could not hold itself to what was asked where more was granted; undefined where it can. It goes by the chain's counters, and
 * counts nothing itself.
 */
export function clampProblem(asked: Permission, granted: Permission): string | undefined {
  if (asked.type === 'contract-call' && granted.type === 'contract-call') {
    return asked.callLimit !== undefined && granted.callLimit === undefined ? 'nothing would count its calls' : undefined
  }
  if (!('period' in asked) || !('period' in granted)) return undefined
  const { startTime: from } = asked
  const { startTime: since } = granted
  if (from === undefined || since === undefined || since >= from) return undefined
  // Of periods with other boundaries one more may fall into the session.
  return (from - since) % asked.period === 0 ? undefined : 'its periods would begin at other moments than was asked'
}
