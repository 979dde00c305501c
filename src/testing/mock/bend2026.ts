import { bendAmounts, bendMoment, isUnchanged, otherAddress } from './bend.js'
import type { Bending } from './decision.js'

/** One request of `wallet_requestExecutionPermissions`, as far as it can be granted otherwise. */
export type Request2026 = {
  to: string
  permission: { type: string; data: Record<string, unknown> }
  rules?: readonly { type: string; data: Record<string, unknown> }[] | null | undefined
}

const amountFields = ['allowanceAmount', 'periodAmount', 'initialAmount', 'maxAmount', 'amountPerSecond', 'callLimit', 'valueLimit']

/** What the user made of it. All requests of a prompt keep one session key and one end. */
export function bend2026<request extends Request2026>(requests: readonly request[], how: Bending): readonly request[] {
  if (how === 'other') return elsewhere(requests)
  const bent = requests.map((one) => withData(one, bendAmounts(one.permission.data, amountFields, how)))
  return isUnchanged(requests, bent) ? requests.map((one) => withEnd(one, how)) : bent
}

function elsewhere<request extends Request2026>(requests: readonly request[]): readonly request[] {
  const place = requests.findIndex(({ permission }) => 'tokenAddress' in permission.data || 'address' in permission.data)
  if (place < 0) return requests.map((one) => ({ ...one, to: otherAddress }))
  return requests.map((one, index) => {
    const field = 'tokenAddress' in one.permission.data ? 'tokenAddress' : 'address'
    return index === place ? withData(one, { ...one.permission.data, [field]: otherAddress }) : one
  })
}

function withData<request extends Request2026>(request: request, data: Record<string, unknown>): request {
  return { ...request, permission: { ...request.permission, data } }
}

function withEnd<request extends Request2026>(request: request, how: Bending): request {
  const rules = request.rules?.map((rule) =>
    rule.type === 'expiry' ? { ...rule, data: { ...rule.data, timestamp: bendMoment(Number(rule.data['timestamp']), how) } } : rule,
  )
  return { ...request, rules }
}
