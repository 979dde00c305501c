'use client'
import type { ReactElement } from 'react'
import type { GrantMismatchError } from '../../sessions/grantErrors.js'
import { requestOf } from '../../sessions/requestOf.js'
import { useMessages } from '../MessagesProvider.js'
import { WarningText } from '../WarningText.js'
import { GrantDifference, type GrantDifferenceProps } from './GrantDifference.js'

export type GrantMismatchProps = Omit<GrantDifferenceProps, 'asked' | 'granted'> & {
  /** What `useGrantPermissions` failed with. */
  error: GrantMismatchError
}

/** The wallet granted something else: that it is not used, and what exactly it granted. */
export function GrantMismatch({ error: { session }, ...props }: GrantMismatchProps): ReactElement {
  const messages = useMessages(props.messages)
  const { permissions, expiry } = requestOf(session)
  const granted = { permissions: session.granted.map(({ permission }) => permission), expiry: session.grantedExpiry ?? session.expiry }
  return (
    <div className="rsk-mismatch" role="group" lang={messages.locale} dir={messages.direction} aria-label={messages.grantDifference}>
      <WarningText title={messages.warning}>{messages.grantMismatch}</WarningText>
      <GrantDifference {...props} asked={{ permissions, expiry }} granted={granted} />
    </div>
  )
}
