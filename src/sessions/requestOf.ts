import type { GrantRequest } from '../dialects/dialect.js'
import type { Session } from './session.js'

/** What the wallet was asked for a session. */
export function requestOf({ chainId, account, address, asked, request }: Session): GrantRequest {
  return { chainId, account, delegate: address, permissions: request?.permissions ?? asked.permissions, expiry: asked.expiry }
}
