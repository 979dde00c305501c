import { isAddressEqual } from 'viem'
import type { Session } from './session.js'
import type { SessionQuery } from './store.js'

export function matchesQuery(session: Session, { account, statuses, expiresBefore }: SessionQuery): boolean {
  if (account !== undefined && !isAddressEqual(session.account, account)) return false
  if (statuses !== undefined && !statuses.includes(session.status)) return false
  return expiresBefore === undefined || session.expiry < expiresBefore
}

/** Of two made in the same millisecond the order is the same in every tab. */
export function newestFirst(a: Session, b: Session): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
