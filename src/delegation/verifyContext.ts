import { isAddressEqual, type Address } from 'viem'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { decodeContext } from './context.js'
import type { Caveat, Delegation } from './delegation.js'
import { isExtraCaveat, readExtraCaveats, type ExtraCaveats } from './extraCaveats.js'
import { anyDelegate, framework, rootAuthority } from './framework.js'
import type { DelegatedPermission } from './grantedPermission.js'
import { metaMaskCaveats } from './metaMaskCaveats.js'
import { permissionCaveats } from './permissionCaveats.js'

type Parameters = { account: Address; delegate: Address; /** 0: it never ends. */ expiry: UnixSeconds }

/**
 * Does the signed context say what the wallet's answer says? Decodes it and compares every part with what the
 * permission compiles to, here or at MetaMask. Beyond that it may name a nonce and who redeems, which only take away.
 * @returns undefined when it does, else what differs
 */
export function contextMismatch(granted: DelegatedPermission, { account, delegate, expiry }: Parameters): string | undefined {
  if (!isAddressEqual(granted.delegationManager, framework.DelegationManager)) return 'another delegation manager'
  const delegations = decoded(granted)
  const [delegation] = delegations
  if (!delegation || delegations.length !== 1) return 'not one delegation'
  if (isAddressEqual(delegation.delegate, anyDelegate)) return 'anyone could redeem it'
  if (!isAddressEqual(delegation.delegate, delegate)) return 'another delegate than the session key'
  if (!isAddressEqual(delegation.delegator, account)) return 'another account'
  if (delegation.authority !== rootAuthority) return 'another authority'
  if (!(expiry >= 0)) return 'no moment for an end'
  // They are the redeemer's to give, and not signed.
  if (delegation.caveats.some(({ args }) => args !== '0x')) return 'arguments for a limit'
  if (!readExtraCaveats(delegation.caveats)) return 'a nonce or redeemers that cannot be read'
  const limits = delegation.caveats.filter((caveat) => !isExtraCaveat(caveat))
  if (!compilations(granted.permission, expiry).some((caveats) => sameCaveats(limits, caveats))) return 'other limits than described'
  return undefined
}

/** What the wallet added to the limits. For contexts that are no mismatch; of others it says what it can. */
export function contextExtras(granted: DelegatedPermission): ExtraCaveats {
  return readExtraCaveats(decoded(granted).at(-1)?.caveats ?? []) ?? {}
}

function decoded({ context }: DelegatedPermission): readonly Delegation[] {
  try {
    return decodeContext(context)
  } catch {
    return []
  }
}

/** The ways in which a permission may have been signed; none for one that no caveats can hold. */
function compilations(permission: Permission, expiry: UnixSeconds): readonly (readonly Caveat[])[] {
  return [
    // Nothing of ours is without an end.
    () => (expiry === 0 ? undefined : permissionCaveats(permission, expiry)),
    () => {
      if (permission.type === 'contract-call' || permission.type === 'erc721-token-transfer') return undefined
      return metaMaskCaveats(permission, expiry === 0 ? undefined : expiry, 0n).filter((caveat) => !isExtraCaveat(caveat))
    },
  ].flatMap((compile) => {
    try {
      const caveats = compile()
      return caveats ? [caveats] : []
    } catch {
      // No start, or a value that fits no terms.
      return []
    }
  })
}

/**
 * Caveats are conditions that all hold, so their order does not matter. Their number does: period and stream enforcers
 * keep one state per delegation and fill it from the caveat that runs first, so a wider twin would lift the limit.
 */
function sameCaveats(a: readonly Caveat[], b: readonly Caveat[]): boolean {
  const texts = (list: readonly Caveat[]) => list.map(({ enforcer, terms }) => `${enforcer}${terms}`.toLowerCase()).sort()
  return JSON.stringify(texts(a)) === JSON.stringify(texts(b))
}
