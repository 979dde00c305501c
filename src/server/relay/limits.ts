import { getAddress, isAddress, toFunctionSelector, type Address, type Hex } from 'viem'
import { enforcers } from '../../delegation/framework.js'
import { transactionGasCap } from '../../execution/transactionGasCap.js'
import { InvalidRelayLimitsError } from './errors.js'

/** How much of the relay one party may use within a window. What is left out is not bounded. */
export type RelayQuota = {
  windowSeconds: number
  /** Transactions that were sent. */
  requests?: number | undefined
  /** Gas that they used, whether they reverted or not; those on their way count with the most they can use. */
  gas?: bigint | undefined
  /** What was paid for that gas, in wei; those on their way count with the most they can cost. */
  wei?: bigint | undefined
}

/** A contract whose use is sponsored, by its whole or by some of its functions: selectors, or signatures such as `mint(address)`. */
export type SponsoredContract = Address | { address: Address; functions: readonly string[] }

/** What an operator is ready to pay for. */
export type RelayLimits = {
  /** Gas of one transaction, at most 16_777_216 (EIP-7825). @default 5_000_000n */
  maxGas?: bigint | undefined
  /** What is offered per unit of gas at most, in wei: while the chain wants more, nothing is sent. @default no bound */
  maxFeePerGas?: bigint | undefined
  /** @default 50 */
  maxCallsPerBatch?: number | undefined
  /** Native token that one call may move out of the user's account; never the relay's own. @default any amount */
  maxNativeValueWei?: bigint | undefined
  /** The contracts whose use is sponsored. @default any */
  targets?: readonly SponsoredContract[] | undefined
  /** Contracts besides the framework's own that may check a permission: they run too. @default any where `targets` is left out, else none */
  enforcers?: readonly Address[] | undefined
  /** The accounts that it pays for: those whose permissions are used, deployed or upgraded. @default any */
  accounts?: readonly Address[] | ((account: Address) => boolean | Promise<boolean>) | undefined
  /** Accounts, session keys and contracts that it has nothing to do with. */
  denied?: readonly Address[] | undefined
  /** What each account may have: the one whose permission is used, not the session key. */
  perSender?: RelayQuota | undefined
  /** What each session key, or session account, may have. */
  perKey?: RelayQuota | undefined
  /** What goes to each contract. */
  perContract?: RelayQuota | undefined
  /** What goes, of all together, into upgrades of accounts and deployments of P-256 accounts; who has none yet has no quota of their own yet. */
  newAccounts?: RelayQuota | undefined
  /** Requests to send that each caller may make, refused ones too. Who is who: `clientOf`. */
  perClient?: { requests: number; windowSeconds: number } | undefined
  /** What the relay spends on gas within a window, in wei; transactions on their way count with the most they can cost. @default no bound */
  spending?: { maxWei: bigint; windowSeconds: number } | undefined
  /** Transactions that wait for a block at once; the others wait here. @default 64 */
  maxInFlight?: number | undefined
  /** Those that wait here; one more is refused. @default 1_000 */
  maxWaiting?: number | undefined
  /** @default 524_288 */
  maxBodyBytes?: number | undefined
}

export type RelayRules = {
  relay: Address
  maxGas: bigint
  maxFeePerGas: bigint | undefined
  maxCallsPerBatch: number
  maxNativeValueWei: bigint | undefined
  /** By address in lower case: `all`, or the selectors. */
  targets: ReadonlyMap<string, 'all' | ReadonlySet<string>> | undefined
  /** In lower case. */
  enforcers: ReadonlySet<string> | undefined
  mayUse: (account: Address) => boolean | Promise<boolean>
  /** In lower case. */
  denied: ReadonlySet<string>
  maxInFlight: number
  maxWaiting: number
  maxBodyBytes: number
}

/** @throws {InvalidRelayLimitsError} */
export function resolveLimits(relay: Address, limits: RelayLimits): RelayRules {
  const { maxGas = 5_000_000n, maxFeePerGas, maxCallsPerBatch = 50, maxNativeValueWei, maxInFlight = 64, maxWaiting = 1_000, maxBodyBytes = 524_288 } = limits
  if (maxGas <= 0n || maxGas > transactionGasCap) throw new InvalidRelayLimitsError({ limit: 'maxGas', must: `be between 1 and ${transactionGasCap}` })
  if (maxNativeValueWei !== undefined && maxNativeValueWei < 0n) throw new InvalidRelayLimitsError({ limit: 'maxNativeValueWei', must: 'not be negative' })
  const { perSender, perKey, perContract, newAccounts, perClient, spending } = limits
  const quotas = { perSender, perKey, perContract, newAccounts, perClient }
  for (const [limit, value] of Object.entries({
    maxCallsPerBatch,
    maxInFlight,
    maxWaiting,
    maxBodyBytes,
    'spending.windowSeconds': spending?.windowSeconds,
    ...Object.fromEntries(Object.entries(quotas).flatMap(([name, quota]) => [[`${name}.requests`, quota?.requests], [`${name}.windowSeconds`, quota?.windowSeconds]])),
  })) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1)) throw new InvalidRelayLimitsError({ limit, must: 'be a whole number, at least 1' })
  }
  for (const [limit, value] of Object.entries({
    maxFeePerGas,
    'spending.maxWei': spending?.maxWei,
    ...Object.fromEntries(Object.entries({ perSender, perKey, perContract, newAccounts }).flatMap(([name, quota]) => [[`${name}.gas`, quota?.gas], [`${name}.wei`, quota?.wei]])),
  })) {
    if (value !== undefined && value <= 0n) throw new InvalidRelayLimitsError({ limit, must: 'be more than 0' })
  }
  return {
    relay,
    maxGas,
    maxFeePerGas,
    maxCallsPerBatch,
    maxNativeValueWei,
    targets: limits.targets && new Map(limits.targets.map(readTarget)),
    enforcers: limits.enforcers || limits.targets ? new Set([...(limits.enforcers ?? []), ...Object.values(enforcers)].map((address) => lower('enforcers', address))) : undefined,
    mayUse: accountsOf(limits.accounts),
    denied: new Set((limits.denied ?? []).map((address) => lower('denied', address))),
    maxInFlight,
    maxWaiting,
    maxBodyBytes,
  }
}

function readTarget(target: SponsoredContract): [string, 'all' | ReadonlySet<string>] {
  if (typeof target === 'string') return [lower('targets', target), 'all']
  return [lower('targets', target.address), new Set(target.functions.map(selectorOf))]
}

function selectorOf(name: string): Hex {
  if (/^0x[0-9a-f]{8}$/i.test(name)) return name.toLowerCase() as Hex
  if (!/^[A-Za-z_$][\w$]*\(.*\)$/.test(name)) throw new InvalidRelayLimitsError({ limit: 'targets', must: 'name functions by selector or signature, as in mint(address)' })
  return toFunctionSelector(name)
}

function accountsOf(accounts: RelayLimits['accounts']): RelayRules['mayUse'] {
  if (typeof accounts === 'function') return accounts
  if (!accounts) return () => true
  const known = new Set(accounts.map((account) => lower('accounts', account)))
  return (account) => known.has(account.toLowerCase())
}

function lower(limit: string, address: Address): string {
  if (!isAddress(address, { strict: false })) throw new InvalidRelayLimitsError({ limit, must: 'hold addresses' })
  return getAddress(address).toLowerCase()
}
