'use client'
import { forwardRef, useCallback, useId, useMemo, useRef, useState, type ForwardedRef, type ReactElement } from 'react'
import type { Hash } from 'viem'
import { describeAge } from '../../permissions/describeMoment.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { SessionAction } from '../../sessions/sessionAction.js'
import { CountingTime } from '../counting-time/CountingTime.js'
import { useExplorerLink } from '../Explorer.js'
import { usePart, type PartProps } from '../parts/part.js'
import { Prose } from '../Prose.js'
import { describeAction } from './describeAction.js'
import { partDataOf, partStateOf, useCard, type SessionCardInContext, type SessionKeyCardPartState } from './SessionCardContext.js'
import { SessionKeyCardDataAttributes as data } from './SessionKeyCardDataAttributes.js'

/** How many actions are shown until more are asked for. */
const shownAtFirst = 5

/** What the session did last, and what became of it: the newest first. Nothing where it has done nothing. */
export const SessionKeyCardActivity = forwardRef(function SessionKeyCardActivity(
  given: PartProps<'div', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement | null {
  const card = useCard()
  const { activity, messages } = card
  const [showsAll, setShowsAll] = useState(false)
  const titleId = useId()
  const listRef = useRef<HTMLOListElement>(null)
  const { actions } = activity
  const element = usePart('div', {
    state: partStateOf(card),
    ref,
    own: {
      className: 'rsk-card-activity',
      ...partDataOf(card),
      children: (
        <>
          <h4 className="rsk-card-heading" id={titleId}>
            {messages.activity}
          </h4>
          <ol className="rsk-actions" role="list" aria-labelledby={titleId} ref={listRef} tabIndex={-1}>
            {(showsAll ? actions : actions.slice(0, shownAtFirst)).map((action) => (
              <Action key={action.id} action={action} card={card} />
            ))}
          </ol>
          {!showsAll && actions.length > shownAtFirst && (
            <button
              type="button"
              className="rsk-link rsk-actions-more"
              onClick={() => {
                // The button will be gone.
                listRef.current?.focus({ preventScroll: true })
                setShowsAll(true)
              }}
            >
              {messages.activityMore}
            </button>
          )}
        </>
      ),
    },
    given,
  })
  return actions.length > 0 ? element : null
})

function Action({ action, card }: { action: SessionAction; card: SessionCardInContext }): ReactElement {
  const { session, describe, messages } = card
  const { metadata, nativeCurrency, locale } = describe
  const { outcome } = action
  // What happens to the card says nothing else of what was done.
  const { what, reason } = useMemo(() => {
    const permissions = [...(session?.granted.map(({ permission }) => permission) ?? []), ...(session?.asked.permissions ?? [])]
    return describeAction(action, { metadata, nativeCurrency, locale, messages, permissions })
  }, [action, metadata, nativeCurrency, locale, messages, session])
  const transactionHash = 'transactionHash' in outcome ? outcome.transactionHash : undefined
  return (
    <li className="rsk-action" {...{ [data.outcome]: outcome.status }}>
      <p className="rsk-action-what">
        <span className="rsk-action-outcome">{messages.activityOutcome[outcome.status]}</span> <Prose>{what}</Prose>
      </p>
      {reason && <p className="rsk-action-reason">{reason}</p>}
      <p className="rsk-action-when">
        <Ago action={action} card={card} />
        {transactionHash && <Transaction hash={transactionHash} words={messages.activityTransaction} />}
      </p>
    </li>
  )
}

/** By this device's clock, which wrote it down. */
function Ago({ action, card }: { action: SessionAction; card: SessionCardInContext }): ReactElement {
  const { messages, describe } = card
  const { locale } = describe
  const moment = Math.floor(action.at / 1000)
  const format = useCallback((now: UnixSeconds) => describeAge(moment, now, { locale, messages }), [messages, moment, locale])
  return <CountingTime moment={moment} format={format} />
}

function Transaction({ hash, words }: { hash: Hash; words: (hash: string) => string }): ReactElement {
  const url = useExplorerLink(`tx/${hash}`)
  const text = words(`${hash.slice(0, 6)}…${hash.slice(-4)}`)
  return url === undefined ? (
    <span className="rsk-action-transaction" title={hash}>
      {text}
    </span>
  ) : (
    <a className="rsk-action-transaction" href={url} target="_blank" rel="noopener noreferrer" title={hash}>
      {text}
    </a>
  )
}
