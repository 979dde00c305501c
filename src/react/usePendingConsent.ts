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
  /** One that was approved and that the wallet is still at work on. */
  granting: ConsentRequest | undefined
  /** Shows it no longer; it goes on. */
  hide: () => void
}

/** The consent that waits, for a view of your own. While the component is mounted, wallets may ask through it. */
export function usePendingConsent(): UsePendingConsentReturnType {
  const { consent } = useSessionKeyConfig()
  useEffect(() => consent.mount(), [consent])
  const request = useSyncExternalStore(consent.subscribe, consent.getSnapshot, getServerSnapshot)
  const granting = useSyncExternalStore(consent.subscribe, consent.getGranting, getServerSnapshot)
  const id = request?.id
  const grantingId = granting?.id
  return {
    request,
    approve: useCallback(() => id !== undefined && consent.approve(id), [consent, id]),
    approveLowered: useCallback((terms: ConsentTerms) => id !== undefined && consent.approve(id, terms), [consent, id]),
    reject: useCallback((reason?: ConsentRejection) => id !== undefined && consent.reject(id, reason), [consent, id]),
    granting,
    hide: useCallback(() => grantingId !== undefined && consent.hide(grantingId), [consent, grantingId]),
  }
}

const getServerSnapshot = () => undefined
