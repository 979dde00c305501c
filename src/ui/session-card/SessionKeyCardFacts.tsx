'use client'
import { forwardRef, useCallback, type ForwardedRef, type ReactElement, type ReactNode } from 'react'
import { describeExpiry } from '../../permissions/describe.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { endOf, type Session } from '../../sessions/session.js'
import { AddressText } from '../AddressText.js'
import { CountingTime } from '../counting-time/CountingTime.js'
import { usePart, type PartProps } from '../parts/part.js'
import { partDataOf, partStateOf, useCard, type SessionCardInContext, type SessionKeyCardPartState } from './SessionCardContext.js'

/** Until when, when it was last used, and where; what is over says when. */
export const SessionKeyCardFacts = forwardRef(function SessionKeyCardFacts(
  given: PartProps<'dl', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDListElement>,
): ReactElement | null {
  const card = useCard()
  const { session, lastUsed, chain, state, messages, describe } = card
  const element = usePart('dl', {
    state: partStateOf(card),
    ref,
    own: {
      className: 'rsk-facts rsk-card-facts',
      ...partDataOf(card),
      children: session && (
        <>
          {state === 'quarantined' && session.asked.expiry !== endOf(session) && (
            <Fact label={messages.sessionAskedEnd}>{describeExpiry(session.asked.expiry, describe.now ?? session.asked.expiry, { ...describe, messages }).absolute}</Fact>
          )}
          <EndFact card={card} session={session} />
          {lastUsed !== undefined && (
            <Fact label={messages.sessionLastUsed}>
              <Counting card={card} moment={Math.floor(lastUsed / 1000)} />
            </Fact>
          )}
          <Fact label={messages.network}>
            <bdi>{chain?.name ?? session.chainId}</bdi>
          </Fact>
          {state === 'account-mismatch' && (
            <Fact label={messages.account}>
              <AddressText address={session.account} />
            </Fact>
          )}
        </>
      ),
    },
    given,
  })
  return session ? element : null
})

function EndFact({ card, session }: { card: SessionCardInContext; session: Session }): ReactElement | null {
  const { state, messages, describe } = card
  switch (state) {
    case 'expired':
      return <Fact label={messages.sessionEnded}>{describeExpiry(session.expiry, describe.now ?? session.expiry, { ...describe, messages }).absolute}</Fact>
    case 'revoked':
    case 'revoked-elsewhere': {
      const ended = Math.floor(session.updatedAt / 1000)
      return <Fact label={messages.sessionEnded}>{describeExpiry(ended, ended, { ...describe, messages }).absolute}</Fact>
    }
    case 'rejected':
    case 'purged':
      return null
    default: {
      const end = endOf(session)
      return (
        <Fact label={messages.sessionEnds}>
          {Number.isFinite(end) ? <Counting card={card} chainId={session.chainId} moment={end} /> : messages.sessionNeverEnds}
        </Fact>
      )
    }
  }
}

/** The only part of a card that the passing of time re-renders. */
function Counting({ card, moment, chainId }: { card: SessionCardInContext; moment: UnixSeconds; chainId?: number | undefined }): ReactElement {
  const { messages, describe } = card
  const { locale, timeZone } = describe
  const format = useCallback(
    (now: UnixSeconds) => messages.endsAt(describeExpiry(moment, now, { locale, timeZone, messages })),
    [messages, moment, locale, timeZone],
  )
  return <CountingTime moment={moment} chainId={chainId} format={format} />
}

export function Fact({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className="rsk-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
