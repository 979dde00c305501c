import type { Address } from 'viem'
import type { Permission } from './permission.js'
import { pinnedAddresses } from './pinnedAddresses.js'

/** The contracts that permissions name, those in pinned arguments too. */
export function namedContracts(permissions: readonly Permission[]): Address[] {
  return permissions.flatMap((permission) => [
    ...(permission.type === 'contract-call' ? [permission.address, ...(permission.functions ?? []).flatMap(pinnedAddresses)] : []),
    ...('token' in permission ? [permission.token] : []),
    ...('payee' in permission && permission.payee ? [permission.payee] : []),
  ])
}

/** Each of them once, in lower case and in order: what is read of them depends on that alone. */
export function contractsNamedIn(permissions: readonly Permission[]): readonly string[] {
  return [...new Set(namedContracts(permissions).map((address) => address.toLowerCase()))].sort()
}
