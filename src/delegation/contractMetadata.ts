import { decodeAbiParameters, hexToString, isHex, size, toFunctionSelector, trim, type Address, type Client, type Hex } from 'viem'
import { call } from 'viem/actions'
import type { ContractMetadata, PermissionMetadata } from '../permissions/metadata.js'
import type { Permission } from '../permissions/permission.js'
import { pinnedAddresses } from '../permissions/pinnedAddresses.js'
import { untrustedText } from '../permissions/untrustedText.js'

/** The contracts that permissions name, those in pinned arguments too. */
export function namedContracts(permissions: readonly Permission[]): Address[] {
  return permissions.flatMap((permission) => [
    ...(permission.type === 'contract-call' ? [permission.address, ...(permission.functions ?? []).flatMap(pinnedAddresses)] : []),
    ...('token' in permission ? [permission.token] : []),
    ...('payee' in permission && permission.payee ? [permission.payee] : []),
  ])
}

/** What contracts say of themselves. A contract that says nothing, or nonsense, has no entry. */
export async function readContractMetadata(client: Client, addresses: readonly Address[]): Promise<PermissionMetadata> {
  const unique = [...new Set(addresses.map((address) => address.toLowerCase() as Lowercase<Address>))]
  const entries = await Promise.all(unique.map(async (address) => [address, await readOne(client, address)] as const))
  return Object.fromEntries(entries.filter(([, metadata]) => Object.keys(metadata).length > 0))
}

async function readOne(client: Client, address: Address): Promise<ContractMetadata> {
  const [name, symbol, decimals] = await Promise.all([
    read(client, address, 'name()').then(text),
    read(client, address, 'symbol()').then(text),
    read(client, address, 'decimals()').then(smallNumber),
  ])
  return {
    ...(name === undefined ? {} : { name }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(decimals === undefined ? {} : { decimals }),
  }
}

async function read(client: Client, to: Address, signature: string): Promise<Hex | undefined> {
  try {
    const { data } = await call(client, { to, data: toFunctionSelector(signature) })
    return data
  } catch {
    return undefined
  }
}

/** Longest text worth reading; what is shown is shorter still. */
const maxTextBytes = 10_000

function text(data: Hex | undefined): string | undefined {
  if (!data || !isHex(data) || size(data) > maxTextBytes) return undefined
  // Some old tokens answer with bytes32 where the standard says string.
  if (size(data) === 32) return untrustedText(hexToString(trim(data, { dir: 'right' })))
  try {
    return untrustedText(decodeAbiParameters([{ type: 'string' }], data)[0])
  } catch {
    return undefined
  }
}

function smallNumber(data: Hex | undefined): number | undefined {
  if (!data || size(data) !== 32) return undefined
  const value = BigInt(data)
  return value <= 77n ? Number(value) : undefined
}
