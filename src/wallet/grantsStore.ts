import { isAddressEqual, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { decodeContext } from '../delegation/context.js'
import { hashDelegation, type Delegation } from '../delegation/delegation.js'
import { decodePermission, wirePermission, wireRules, type WirePermission, type WireRule } from '../dialects/wire/erc7715Permission.js'
import { address, bytes, hex } from '../dialects/wire/primitives.js'
import type { UnixSeconds } from '../permissions/permission.js'
import { createOneAtATime } from '../execution/oneAtATime.js'

/** Where a wallet remembers what it granted: `localStorage` fits, as does wagmi's storage. It never sees a secret. */
export type WalletStorage = {
  getItem(key: string): unknown
  setItem(key: string, value: string): unknown
}

/** One granted permission, as `wallet_getGrantedExecutionPermissions` tells it. @see ERC-7715 */
export type GrantedExecutionPermission = {
  chainId: Hex
  from: Address
  /** The session key. */
  to: Address
  permission: WirePermission
  rules: WireRule[]
  context: Hex
  dependencies: []
  delegationManager: Address
}

/** A granted permission with the delegation that its context holds. */
export type StoredGrant = { row: GrantedExecutionPermission; expiry: UnixSeconds; delegation: Delegation; hash: Hex }

export type GrantsStore = {
  /** Resolves once the grants are stored; rejects when the storage refuses them. */
  add(account: Address, rows: readonly GrantedExecutionPermission[]): Promise<void>
  list(account: Address): Promise<readonly StoredGrant[]>
}

/** Keeps grants in memory, and in `storage` where one is given. Rows that cannot be read are left out of the answer. */
export function createGrantsStore({ storage, chainId }: { storage: WalletStorage | undefined; chainId: number }): GrantsStore {
  const memory = new Map<string, readonly GrantedExecutionPermission[]>()
  const oneAtATime = createOneAtATime()
  const keyOf = (account: Address) => `react-session-keys.granted.${chainId}.${account.toLowerCase()}`

  /** What is stored may be newer (another tab) or gone (cleared): both count. */
  async function rows(account: Address): Promise<readonly GrantedExecutionPermission[]> {
    const key = keyOf(account)
    const stored = readStored(await storage?.getItem(key))
    const all = [...stored, ...(memory.get(key) ?? [])]
    return [...new Map(all.map((row) => [row.context.toLowerCase(), row])).values()]
  }

  return {
    add: (account, added) =>
      oneAtATime(async () => {
        const key = keyOf(account)
        const all = [...(await rows(account)), ...added]
        await storage?.setItem(key, JSON.stringify(all))
        memory.set(key, all)
      }),
    async list(account) {
      return (await rows(account)).flatMap((row) => readGrant(row, account, chainId) ?? [])
    },
  }
}

function readGrant(row: GrantedExecutionPermission, account: Address, chainId: number): StoredGrant | undefined {
  try {
    const [delegation, ...more] = decodeContext(row.context)
    if (!delegation || more.length > 0) return undefined
    if (!isAddressEqual(delegation.delegator, account) || !isAddressEqual(delegation.delegate, row.to)) return undefined
    if (BigInt(row.chainId) !== BigInt(chainId)) return undefined
    const { expiry } = decodePermission(v.parse(wirePermission, row.permission), v.parse(wireRules, row.rules))
    return expiry === undefined ? undefined : { row, expiry, delegation, hash: hashDelegation(delegation) }
  } catch {
    return undefined
  }
}

const storedRow = v.strictObject({
  chainId: hex,
  from: address,
  to: address,
  permission: v.strictObject({ type: v.string(), isAdjustmentAllowed: v.boolean(), data: v.record(v.string(), v.unknown()) }),
  rules: v.array(v.strictObject({ type: v.string(), data: v.record(v.string(), v.unknown()) })),
  context: bytes,
  dependencies: v.tuple([]),
  delegationManager: address,
})

function readStored(text: unknown): readonly GrantedExecutionPermission[] {
  if (typeof text !== 'string') return []
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.flatMap((item) => (v.is(storedRow, item) ? [item as GrantedExecutionPermission] : [])) : []
  } catch {
    return []
  }
}
