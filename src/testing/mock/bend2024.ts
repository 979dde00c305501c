import { bendAmounts, bendMoment, isUnchanged, otherAddress } from './bend.js'
import type { Bending } from './decision.js'

/** What `wallet_grantPermissions` was asked for in 2024, as far as it can be granted otherwise. */
export type Request2024 = {
  expiry: number
  signer: { type: string; data?: unknown }
  permissions: readonly { type: unknown; data: Record<string, unknown>; policies?: readonly { type: unknown; data: Record<string, unknown> }[] | undefined }[]
}

const limitFields = ['allowance', 'limit', 'count']

/** What the user made of it. */
export function bend2024<request extends Request2024>(request: request, how: Bending): request {
  if (how === 'other') return elsewhere(request)
  const permissions = request.permissions.map(({ policies, ...one }) => ({
    ...one,
    ...(policies ? { policies: policies.map((policy) => ({ ...policy, data: bendAmounts(policy.data, limitFields, how) })) } : {}),
  }))
  return isUnchanged(request.permissions, permissions) ? { ...request, expiry: bendMoment(request.expiry, how) } : { ...request, permissions }
}

function elsewhere<request extends Request2024>(request: request): request {
  const place = request.permissions.findIndex(({ data }) => 'address' in data)
  if (place < 0) return { ...request, signer: { type: 'account', data: { id: otherAddress } } }
  return {
    ...request,
    permissions: request.permissions.map((one, index) => (index === place ? { ...one, data: { ...one.data, address: otherAddress } } : one)),
  }
}
