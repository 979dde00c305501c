import { relayErrorCode } from '../../execution/relayWire.js'
import type { CounterEntry, CounterFull, RelayCounters } from './counters.js'
import type { RelayLimits, RelayQuota } from './limits.js'
import { RelayRpcError, tooBusy } from './relayRpcError.js'
import type { SponsoredCall } from './sponsoredCall.js'

/** What a transaction uses of the relay; of one on its way the most that it can. */
export type Use = { gas: bigint; wei: bigint }

/** What was taken for one transaction. */
export type Charge = {
  /** It offers more now. */
  raise(to: Use): Promise<void>
  /** What it used in the end; undefined where nothing was ever sent, which leaves no trace. */
  settle(used: Use | undefined): Promise<void>
}

export type Quotas = {
  /** Whether there is room for one more, before anything is asked for it. @throws {RelayRpcError} */
  look(call: SponsoredCall): Promise<void>
  /** @throws {RelayRpcError} there is no room for it; nothing was taken */
  take(call: SponsoredCall, use: Use): Promise<Charge>
  /** Counts a request to send. @throws {RelayRpcError} the caller has made too many */
  admit(client: string): Promise<void>
  /** Of the budget, in wei. */
  left(): Promise<bigint | undefined>
}

export type QuotasParameters = { limits: RelayLimits; counters: RelayCounters; chainId: number; now: () => number; isShared: boolean }

/** A counter, and the words for it being full. */
type Row = CounterEntry & { unit: 'requests' | 'gas' | 'wei'; refuse: (retryAfterSeconds: number) => RelayRpcError }

export function createQuotas({ limits, counters, chainId, now, isShared }: QuotasParameters): Quotas {
  const { perSender, perKey, perContract, newAccounts, perClient, spending } = limits

  function rowsOf({ id, accounts, signer, contracts, makesAccount }: SponsoredCall, use: Use): readonly Row[] {
    return [
      ...accounts.flatMap((account) => quotaRows('sender', account, perSender, use)),
      ...quotaRows('key', signer, perKey, use),
      ...contracts.flatMap((contract) => quotaRows('contract', contract, perContract, use)),
      ...(makesAccount ? quotaRows('new', 'accounts', newAccounts, use, 'The making of accounts') : []),
      ...(spending ? [{ key: budgetKey, unit: 'wei' as const, amount: use.wei, max: spending.maxWei, windowSeconds: spending.windowSeconds, refuse: budgetSpent(spending) }] : []),
      // Of several relays that share their counters one sends it.
      ...(isShared ? [{ key: `${chainId}:task:${id}`, unit: 'requests' as const, amount: 1n, max: 1n, windowSeconds: claimSeconds, refuse: claimed }] : []),
    ]
  }

  function quotaRows(kind: string, who: string, quota: RelayQuota | undefined, use: Use, name = who): readonly Row[] {
    if (!quota) return []
    const { requests, gas, wei, windowSeconds } = quota
    const row = (unit: Row['unit'], amount: bigint, max: bigint | undefined): readonly Row[] =>
      max === undefined ? [] : [{ key: `${chainId}:${kind}:${who.toLowerCase()}:${unit}`, unit, amount, max, windowSeconds, refuse: quotaUsed(name, unit, max, windowSeconds) }]
    return [...row('requests', 1n, requests === undefined ? undefined : BigInt(requests)), ...row('gas', use.gas, gas), ...row('wei', use.wei, wei)]
  }

  const budgetKey = `${chainId}:spending`

  function budgetSpent({ windowSeconds }: { windowSeconds: number }) {
    return (retryAfterSeconds: number) =>
      new RelayRpcError(relayErrorCode.insufficientBalance, `The relay's gas budget for ${windowSeconds} seconds does not cover this transaction.`, { retryAfterSeconds })
  }

  function refusal(full: CounterFull | undefined, rows: readonly Row[]): RelayRpcError | undefined {
    if (full?.tooManyKeys) return tooManyKeys(full)
    const row = full && rows.find(({ key }) => key === full.key)
    return full && row?.refuse(full.retryAfterSeconds)
  }

  return {
    async look(call) {
      const rows = rowsOf(call, { gas: 1n, wei: 1n })
      const refused = refusal(await counters.look(rows, now()), rows)
      if (refused) throw refused
    },
    async take(call, use) {
      const takenAt = now()
      const rows = rowsOf(call, use)
      const refused = refusal(await counters.take(rows, takenAt), rows)
      if (refused) throw refused
      let taken: Use = use
      const change = async (next: Use, requests: bigint) => {
        const amounts = { requests, gas: next.gas - taken.gas, wei: next.wei - taken.wei }
        taken = next
        await counters.correct(rows.flatMap((row) => (amounts[row.unit] === 0n ? [] : [{ ...row, amount: amounts[row.unit] }])), takenAt)
      }
      return {
        raise: (to) => change(to, 0n),
        settle: (used) => (used ? change(used, 0n) : change({ gas: 0n, wei: 0n }, -1n)),
      }
    },
    async admit(client) {
      if (!perClient) return
      const { requests, windowSeconds } = perClient
      const entry = { key: `${chainId}:client:${client}`.slice(0, 200), amount: 1n, max: BigInt(requests), windowSeconds }
      const full = await counters.take([entry], now())
      if (full?.tooManyKeys) throw tooManyKeys(full)
      if (full) throw tooOften(requests, windowSeconds, full.retryAfterSeconds)
    },
    async left() {
      if (!spending) return undefined
      const used = await counters.used({ key: budgetKey, windowSeconds: spending.windowSeconds }, now())
      return used < spending.maxWei ? spending.maxWei - used : 0n
    },
  }
}

/** As long as a leaf to anyone may live. */
const claimSeconds = 3_600

function claimed(retryAfterSeconds: number): RelayRpcError {
  return new RelayRpcError(relayErrorCode.duplicateTaskId, 'Another process of this relay has this transaction, or had it.', { httpStatus: 409, retryAfterSeconds })
}

function tooManyKeys({ retryAfterSeconds }: CounterFull): RelayRpcError {
  return tooBusy('More parties have used this relay lately than it can keep count of.', retryAfterSeconds)
}

function quotaUsed(who: string, unit: Row['unit'], max: bigint, windowSeconds: number) {
  const what = unit === 'requests' ? `${max} transactions` : unit === 'gas' ? `${max} gas` : `${max} wei of gas`
  return (retryAfterSeconds: number) =>
    new RelayRpcError(relayErrorCode.rateLimited, `${who} has had ${what} sponsored within ${windowSeconds} seconds; the next is possible in ${retryAfterSeconds}.`, { retryAfterSeconds })
}

function tooOften(requests: number, windowSeconds: number, retryAfterSeconds: number): RelayRpcError {
  return new RelayRpcError(relayErrorCode.rateLimited, `More than ${requests} requests within ${windowSeconds} seconds; the next is possible in ${retryAfterSeconds}.`, { retryAfterSeconds })
}
