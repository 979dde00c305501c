import type { Duration } from './expiry.js'
import type { Permission, UnixSeconds } from './permission.js'

/** What an app asks for, written once and shared by browser and server. */
export type SessionDefinition = {
  /** Tells this session from the app's others. Default `default`. */
  name?: string | undefined
  /** Default: the chain the wallet is on when the grant is made. */
  chainId?: number | undefined
  permissions: readonly Permission[]
  /** `expiresIn({ days: 3 })`, or absolute unix seconds. */
  expiry: Duration | UnixSeconds
}

/** Names a set of permissions. Pure: the same object may be made on a server. */
export function defineSession<const definition extends SessionDefinition>(definition: definition): definition {
  return definition
}

export const defaultSessionName = 'default'
