'use client'
import { useEffect, useState } from 'react'
import type { Address } from 'viem'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import type { ConsentRequest } from '../../consent/consentRequest.js'

/**
 * Whom the app's relay is paid through, as the relay says. Nobody until it has answered, and nobody where it cannot: a consent waits for no
 * relay, and without its word a permission for fees is described as any other.
 */
export function useFeeCollectors(request: ConsentRequest | undefined, relayFees: SessionKeyConfig['relayFees']): readonly Address[] | undefined {
  const [known, setKnown] = useState<{ chainId: number; feeCollectors: readonly Address[] }>()
  const chainId = request?.type === 'permissions' ? request.chain.id : undefined
  useEffect(() => {
    if (!relayFees || chainId === undefined) return
    let wanted = true
    relayFees(chainId).then(
      ({ feeCollector }) => wanted && setKnown({ chainId, feeCollectors: [feeCollector] }),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [relayFees, chainId])
  return known?.chainId === chainId ? known?.feeCollectors : undefined
}
