import type { KnownGrant } from '../dialects/dialect.js'
import type { Session } from './session.js'

/** A session as dialects and executors know it: without its life, and without its key. */
export function knownGrant({ chainId, account, address, granted, handle }: Session): KnownGrant {
  return { chainId, account, delegate: address, granted, ...(handle === undefined ? {} : { handle }) }
}
