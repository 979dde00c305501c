'use client'
import type { ReactElement } from 'react'
import { usePendingConsent } from '../../react/usePendingConsent.js'
import { useSessionKeyConfig } from '../../react/useSessionKeyConfig.js'
import type { UiMessages } from '../messages.js'
import { PermissionConsentView } from './PermissionConsentView.js'

export type PermissionConsentDialogProps = {
  /** Of numbers and dates. Default: the language of the messages. */
  locale?: string | undefined
  messages?: Partial<UiMessages> | undefined
}

/** Shows whichever consent waits. Render it once, anywhere under SessionKeyProvider. */
export function PermissionConsentDialog(props: PermissionConsentDialogProps): ReactElement | null {
  const { consentDelayMs } = useSessionKeyConfig()
  const { request, approve, approveLowered, reject } = usePendingConsent()
  if (!request) return null
  return (
    <PermissionConsentView
      request={request}
      onApprove={(terms) => (terms ? approveLowered(terms) : approve())}
      onReject={reject}
      armDelayMs={consentDelayMs}
      {...props}
    />
  )
}
