'use client'
import { forwardRef, useId, type ForwardedRef, type ReactElement } from 'react'
import { hashPermissions } from '../../permissions/hashPermissions.js'
import { describePermission } from '../../permissions/describe.js'
import { usePart, type PartProps } from '../parts/part.js'
import { PermissionIcon } from '../permission-list/PermissionIcon.js'
import { PermissionList } from '../permission-list/PermissionList.js'
import { Prose } from '../Prose.js'
import { shortMoment } from '../shortMoment.js'
import { UsageMeter, UsageMeterNote, UsageMeterTrack, UsageMeterValue } from '../usage-meter/UsageMeter.js'
import { partDataOf, partStateOf, useCard, type SessionCardInContext, type SessionKeyCardPartState } from './SessionCardContext.js'

/** What it may still do: each permission with what is left of it. While a grant is in doubt, what was asked and what was granted. */
export const SessionKeyCardLimits = forwardRef(function SessionKeyCardLimits(
  given: PartProps<'div', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement | null {
  const card = useCard()
  const content = contentOf(card)
  const element = usePart('div', { state: partStateOf(card), ref, own: { className: 'rsk-card-limits', ...partDataOf(card), children: content }, given })
  return content && element
})

function contentOf(card: SessionCardInContext): ReactElement | null {
  const { state, session } = card
  if (!session) return null
  switch (state) {
    case 'active':
    case 'exhausted':
      return <Limits {...card} />
    case 'quarantined':
      return <AskedAndGranted {...card} />
    case 'requested':
    case 'granted':
    case 'unknown':
      return <Terms {...card} heading={card.messages.sessionAsked} permissions={session.asked.permissions} />
    case 'revoking':
      return <Terms {...card} heading={card.messages.permissions} permissions={card.permissions} />
    case 'account-mismatch':
    case 'rejected':
    case 'revoked':
    case 'revoked-elsewhere':
    case 'expired':
    case 'purged':
    case 'hydrating':
    case 'locked':
    case 'none':
      return null
    default:
      return state satisfies never
  }
}

function Limits({ permissions, usage, isReadingUsage, describe, messages }: SessionCardInContext): ReactElement {
  const words = { ...describe, messages, among: permissions }
  return (
    <>
      <ul className="rsk-permissions" role="list" aria-label={messages.sessionLimits}>
        {permissions.map((permission, index) => (
          <li key={index} className="rsk-permission" data-type={permission.type}>
            <PermissionIcon type={permission.type} />
            <div className="rsk-permission-body">
              <p className="rsk-permission-summary">
                <Prose>{describePermission(permission, words).summary}</Prose>
              </p>
              <UsageMeter {...words} permission={permission} usage={usage?.permissions[index]} asOf={usage?.asOf} reading={isReadingUsage}>
                <UsageMeterTrack />
                <div className="rsk-meter-line">
                  <UsageMeterValue />
                  <UsageMeterNote />
                </div>
              </UsageMeter>
            </div>
          </li>
        ))}
      </ul>
      {usage && <p className="rsk-card-as-of">{messages.asOf(shortMoment(usage.asOf.timestamp, usage.asOf.timestamp, words))}</p>}
    </>
  )
}

function AskedAndGranted(card: SessionCardInContext): ReactElement {
  const { messages, session } = card
  const asked = session?.asked.permissions ?? []
  const granted = session?.granted.map(({ permission }) => permission) ?? []
  // Where only the end differs, the list would stand there twice.
  const same = hashPermissions(asked) === hashPermissions(granted)
  return (
    <>
      {!same && <Terms {...card} heading={messages.sessionAsked} permissions={asked} />}
      <Terms {...card} heading={messages.sessionGranted} permissions={granted} />
    </>
  )
}

function Terms({ heading, permissions, describe, messages }: SessionCardInContext & { heading: string }): ReactElement | null {
  const id = useId()
  if (permissions.length === 0) return null
  return (
    <>
      <h4 className="rsk-card-heading" id={id}>
        {heading}
      </h4>
      <PermissionList {...describe} messages={messages} permissions={permissions} aria-labelledby={id} />
    </>
  )
}
