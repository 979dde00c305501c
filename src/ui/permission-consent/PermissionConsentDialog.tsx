'use client'
import type { ReactElement } from 'react'
import { usePendingConsent } from '../../react/usePendingConsent.js'
import { useSessionKeyConfig } from '../../react/useSessionKeyConfig.js'
import type { UiMessages } from '../messages.js'
import { useAppWordsReader } from './useAppWords.js'
import { useDescriptors } from './useDescriptors.js'
import { useFeeCollectors } from './useFeeCollectors.js'
import { usePrices } from './usePrices.js'
import { PermissionConsentView } from './PermissionConsentView.js'

export type PermissionConsentDialogProps = {
  /** Of numbers and dates. Default: the language of the messages. */
  locale?: string | undefined
  messages?: Partial<UiMessages> | undefined
}

/** Shows whichever consent waits. Render it once, anywhere under SessionKeyProvider. */
export function PermissionConsentDialog(props: PermissionConsentDialogProps): ReactElement | null {
  const { consentDelayMs, prices: priceSource, descriptors: descriptorSource, lane, relayFees } = useSessionKeyConfig()
  const { request: waiting, granting, approve, approveLowered, reject, hide } = usePendingConsent()
  const request = waiting ?? granting
  const prices = usePrices(request, priceSource)
  const descriptors = useDescriptors(request, descriptorSource)
  // Ready before anybody is asked, so that nothing moves under a pointer.
  useAppWordsReader(descriptorSource !== undefined)
  const feeCollectors = useFeeCollectors(request, relayFees)
  if (!request) return null
  return (
    <PermissionConsentView
      request={request}
      onApprove={(terms) => (terms ? approveLowered(terms) : approve())}
      onReject={reject}
      granting={waiting === undefined}
      onHide={hide}
      prices={prices}
      descriptors={descriptors}
      gas={lane.payer}
      feeCollectors={feeCollectors}
      armDelayMs={consentDelayMs}
      {...props}
    />
  )
}
