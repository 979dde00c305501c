import type { Address } from 'viem'

export type RelayProblem =
  | 'node-unreachable'
  | 'balance-low'
  /** A transaction waits, and no more will be offered for it. */
  | 'transaction-stuck'
  /** Nothing is left of the budget for now. */
  | 'budget-spent'
  /** What was sent before this process started is not in a block yet. */
  | 'recovering'

/** How a relay is, without secrets. */
export type RelayHealth = {
  status: 'ok' | 'degraded'
  problems: readonly RelayProblem[]
  chainId: number
  account: Address
  /** Undefined where the node does not say. */
  balanceWei: bigint | undefined
  block: { number: bigint; timestamp: number } | undefined
  /** Accepted and without an outcome, those in the line included. */
  pending: number
  /** Of these, those that wait here because so many are on their way. */
  waiting: number
  oldestPendingSeconds: number | undefined
  /** Undefined where there is no budget. */
  budgetLeftWei: bigint | undefined
}

/** The same as JSON: amounts in decimal. To whoever may not call, only how it is. */
export function healthResponse(health: RelayHealth, mayKnow: boolean, headers: Record<string, string>): Response {
  const { balanceWei, block, budgetLeftWei, ...rest } = health
  const all = {
    ...rest,
    balanceWei: balanceWei?.toString(),
    block: block && { number: block.number.toString(), timestamp: block.timestamp },
    budgetLeftWei: budgetLeftWei?.toString(),
  }
  const init = { status: health.status === 'ok' ? 200 : 503, headers: { ...headers, 'cache-control': 'no-store' } }
  return Response.json(mayKnow ? all : { status: health.status }, init)
}
