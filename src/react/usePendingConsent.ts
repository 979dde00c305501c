'use client'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { ConsentRejection, ConsentRequest, ConsentTerms } from '../consent/consentRequest.js'
import { useSessionKeyConfig } from './useSessionKeyConfig.js'

export type UsePendingConsentReturnType = {
  /** The request that waits for the user, if any. */
  request: ConsentRequest | undefined
  approve: () => void
  /** Agrees to less than what was asked; only where the request is `adjustable`. */
  approveLowered: (terms: ConsentTerms) => void
  reject: (reason?: ConsentRejection) => void
}

/** The consent that waits, for a view of your own. While the component is mounted, wallets may ask through it. */
export function usePendingConsent(): UsePendingConsentReturnType {
  const { consent } = useSessionKeyConfig()
  useEffect(() => consent.mount(), [consent])
  const request = useSyncExternalStore(consent.subscribe, consent.getSnapshot, getServerSnapshot)
  const id = request?.id
  return {
    request,
    approve: useCallback(() => id !== undefined && consent.approve(id), [consent, id]),
    approveLowered: useCallback((terms: ConsentTerms) => id !== undefined && consent.approve(id, terms), [consent, id]),
    reject: useCallback((reason?: ConsentRejection) => id !== undefined && consent.reject(id, reason), [consent, id]),
  }
}

const getServerSnapshot = () => undefined
