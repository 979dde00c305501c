import { relayErrorCode } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

type Window = { requests: number; windowSeconds: number }

/** How many transactions each account has had sponsored within the window. */
export type SenderAllowance = {
  /** Throws when the account has none left. */
  check: (sender: string) => void
  take: (sender: string) => void
}

const maxSenders = 10_000

export function createSenderAllowance(window: Window | undefined, now: () => number): SenderAllowance {
  if (!window) return { check: () => undefined, take: () => undefined }
  const { requests, windowSeconds } = window
  const used = new Map<string, number[]>()

  const recent = (sender: string) => (used.get(sender) ?? []).filter((at) => at > now() - windowSeconds)

  function check(sender: string): void {
    const times = recent(sender)
    const [oldest] = times
    if (oldest === undefined || times.length < requests) return
    throw new RelayRpcError(
      relayErrorCode.rateLimited,
      `${sender} has had ${requests} transactions sponsored within ${windowSeconds} seconds; the next is possible in ${oldest + windowSeconds - now()}.`,
    )
  }

  function take(sender: string): void {
    const times = [...recent(sender), now()]
    // Last in, so that the one thrown out is the one not seen for longest.
    used.delete(sender)
    used.set(sender, times)
    const [idlest] = used.keys()
    if (used.size > maxSenders && idlest !== undefined) used.delete(idlest)
  }

  return { check, take }
}
