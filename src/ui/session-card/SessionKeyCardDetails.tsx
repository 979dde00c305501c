'use client'
import { forwardRef, type ForwardedRef, type ReactElement } from 'react'
import { describeExpiry } from '../../permissions/describe.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import { AddressText } from '../AddressText.js'
import { TransactionText } from '../TransactionText.js'
import { usePart, type PartProps } from '../parts/part.js'
import { PermissionList } from '../permission-list/PermissionList.js'
import { partDataOf, partStateOf, useCard, type SessionKeyCardPartState } from './SessionCardContext.js'
import { Fact } from './SessionKeyCardFacts.js'

/** The whole of what was allowed, the session key, the account: for who wants to compare them. */
export const SessionKeyCardDetails = forwardRef(function SessionKeyCardDetails(
  given: PartProps<'details', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDetailsElement>,
): ReactElement | null {
  const card = useCard()
  const { session, chain, describe, messages, permissions, state } = card
  const started = session && Math.floor(session.createdAt / 1000)
  const problem = untrustedText(session?.problem, 200)
  const transactionHash = session?.revocation?.transactionHash
  const shownAbove = ['requested', 'granted', 'unknown', 'quarantined', 'revoking'].includes(state)
  const element = usePart('details', {
    state: partStateOf(card),
    ref,
    own: {
      className: 'rsk-details rsk-card-details',
      ...partDataOf(card),
      children: session && (
        <>
          <summary className="rsk-details-summary">{messages.sessionDetails}</summary>
          {!shownAbove && permissions.length > 0 && (
            <PermissionList
              {...describe}
              messages={messages}
              permissions={permissions}
              aria-label={state === 'active' || state === 'exhausted' ? messages.permissions : messages.sessionAllowed}
            />
          )}
          <dl className="rsk-facts">
            <Fact label={messages.sessionKey}>
              <AddressText address={session.address} whole />
            </Fact>
            <Fact label={messages.account}>
              <AddressText address={session.account} whole />
            </Fact>
            <Fact label={messages.network}>
              <bdi>{chain ? `${chain.name} (${session.chainId})` : session.chainId}</bdi>
            </Fact>
            <Fact label={messages.origin}>
              <bdi dir="ltr">{session.origin}</bdi>
            </Fact>
            {started !== undefined && <Fact label={messages.sessionStarted}>{describeExpiry(started, started, { ...describe, messages }).absolute}</Fact>}
            {problem && (
              <Fact label={messages.sessionProblem}>
                <bdi>{problem}</bdi>
              </Fact>
            )}
            {transactionHash && (
              <Fact label={messages.sessionTransaction}>
                <TransactionText hash={transactionHash} />
              </Fact>
            )}
          </dl>
        </>
      ),
    },
    given,
  })
  return session ? element : null
})
