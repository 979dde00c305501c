'use client'
import { useEffect, useState } from 'react'
import type { Address } from 'viem'
import type { DescriptorSource } from '../../actions/createSessionKeyConfig.js'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import { canonicalText } from '../../permissions/canonicalText.js'
import type { ClearSigningDescriptor } from '../../permissions/clearSigning.js'

/** The app's clear-signing files for the contracts that are asked for. Nothing until they are there: a consent waits for no file. */
export function useDescriptors(request: ConsentRequest | undefined, source: DescriptorSource | undefined): readonly ClearSigningDescriptor[] | undefined {
  const [known, setKnown] = useState<{ asked: string; descriptors: readonly ClearSigningDescriptor[] }>()
  const permissions = request?.type === 'permissions' ? request.permissions : []
  const addresses = permissions.flatMap((permission): Address[] => (permission.type === 'contract-call' ? [permission.address] : []))
  const chainId = request?.chain.id ?? 0
  const asked = canonicalText([request?.id, chainId, addresses])
  const resolve = typeof source === 'function' ? source : undefined
  useEffect(() => {
    if (!resolve) return
    let wanted = true
    void Promise.all(addresses.map(async (address) => resolve({ chainId, address })))
      .then((found) => wanted && setKnown({ asked, descriptors: found.filter((one) => one !== undefined) }))
      .catch(() => undefined)
    return () => {
      wanted = false
    }
    // Everything that is asked is in its text.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked, resolve])
  if (typeof source !== 'function') return source
  return known?.asked === asked ? known.descriptors : undefined
}
