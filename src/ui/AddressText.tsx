'use client'
import type { ReactElement } from 'react'
import { getAddress, isAddress, type Address } from 'viem'
import { shortAddress } from '../permissions/description.js'
import { ExplorerLink } from './ExplorerLink.js'

/**
 * An address, shortened for reading; the whole of it is in the title. Left to right in every script, and a link where a block explorer is
 * known.
 */
export function AddressText({ address, whole = false }: { address: Address; whole?: boolean }): ReactElement {
  const checksummed = isAddress(address, { strict: false }) ? getAddress(address) : address
  return (
    <bdi dir="ltr" className="rsk-address" title={checksummed}>
      <ExplorerLink path={`address/${checksummed}`}>{whole ? checksummed : shortAddress(address)}</ExplorerLink>
    </bdi>
  )
}
