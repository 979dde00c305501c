import { lowerPermission, type LoweredLimits } from '../permissions/adjustableLimits.js'
import { compare } from '../permissions/compare.js'
import type { UnixSeconds } from '../permissions/permission.js'
import type { ConsentTerms } from './consentRequest.js'

/** What a user takes away from what was asked. Permissions are named by their place in the request. */
export type Lowering = {
  limits?: { readonly [permission: number]: LoweredLimits } | undefined
  /** `optional` permissions that the user does not allow. */
  omitted?: readonly number[] | undefined
  expiry?: UnixSeconds | undefined
}

/** The terms that are left. Whatever would raise one, or leave out what the app needs, changes nothing. */
export function lowerTerms(asked: ConsentTerms, { limits = {}, omitted = [], expiry = asked.expiry }: Lowering): ConsentTerms {
  const terms = {
    permissions: asked.permissions.flatMap((permission, index) =>
      permission.optional && omitted.includes(index) ? [] : [lowerPermission(permission, limits[index] ?? {})],
    ),
    expiry: Math.min(expiry, asked.expiry),
  }
  return compare(asked, terms).length === 0 ? asked : terms
}
