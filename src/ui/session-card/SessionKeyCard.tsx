'use client'
import { forwardRef, useId, type ForwardedRef, type ReactElement } from 'react'
import { Explorer } from '../Explorer.js'
import { usePart, type PartProps } from '../parts/part.js'
import { StorageNotice } from '../storage-notice/StorageNotice.js'
import { SessionKeyCardActions } from './SessionKeyCardActions.js'
import { SessionKeyCardActivity } from './SessionKeyCardActivity.js'
import { SessionKeyCardDetails } from './SessionKeyCardDetails.js'
import { SessionKeyCardFacts } from './SessionKeyCardFacts.js'
import { SessionKeyCardLimits } from './SessionKeyCardLimits.js'
import { partDataOf, partStateOf, SessionCardContext, useCard, type SessionKeyCardPartState } from './SessionCardContext.js'
import { useSessionCard, type UseSessionCardParameters } from './useSessionCard.js'

export type SessionKeyCardProps = UseSessionCardParameters &
  PartProps<'article', SessionKeyCardPartState> & {
    /** Says so where the browser keeps no sessions. Default true; a list says it once for all of its cards. */
    storageNotice?: boolean | undefined
  }

/**
 * One session: what it is, what it may still do, until when, and the way out of each state. Without children it has all of its parts:
 * SessionKeyCardTitle, …State, …Explanation, …Limits, …Facts, …Activity, …Details, …Actions.
 */
export const SessionKeyCard = forwardRef(function SessionKeyCard(
  { config, session, definition, onRenew, server, metadata, locale, timeZone, messages, storageNotice = true, children, ...given }: SessionKeyCardProps,
  ref: ForwardedRef<HTMLElement>,
): ReactElement {
  const card = useSessionCard({ config, session, definition, onRenew, server, metadata, locale, timeZone, messages })
  const titleId = useId()
  const content = children ?? (
    <>
      <div className="rsk-card-head">
        <SessionKeyCardTitle />
        <SessionKeyCardState />
      </div>
      <SessionKeyCardExplanation />
      {storageNotice && card.session && <StorageNotice config={config} messages={messages} />}
      <SessionKeyCardLimits />
      <SessionKeyCardFacts />
      <SessionKeyCardActivity />
      <SessionKeyCardDetails />
      <SessionKeyCardActions />
    </>
  )
  const element = usePart('article', {
    state: partStateOf(card),
    ref,
    own: { className: 'rsk-card', lang: card.messages.locale, dir: card.messages.direction, 'aria-labelledby': titleId, tabIndex: -1, ...partDataOf(card), children: content },
    given,
  })
  return (
    <SessionCardContext.Provider value={{ ...card, titleId }}>
      <Explorer url={card.chain?.blockExplorers?.default.url}>{element}</Explorer>
    </SessionCardContext.Provider>
  )
})

/** Its name: the definition's. */
export const SessionKeyCardTitle = forwardRef(function SessionKeyCardTitle(
  given: PartProps<'h3', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLHeadingElement>,
): ReactElement {
  const card = useCard()
  return usePart('h3', {
    state: partStateOf(card),
    ref,
    own: { className: 'rsk-card-title', id: card.titleId, ...partDataOf(card), children: <bdi>{card.messages.sessionName(card.name)}</bdi> },
    given,
  })
})

/** Its state, in a word or two. */
export const SessionKeyCardState = forwardRef(function SessionKeyCardState(
  given: PartProps<'span', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLSpanElement>,
): ReactElement {
  const card = useCard()
  return usePart('span', {
    state: partStateOf(card),
    ref,
    own: { className: 'rsk-card-state', ...partDataOf(card), children: <bdi>{card.messages.sessionState[card.state]}</bdi> },
    given,
  })
})

/** What the state means, and what to do. Announced when it changes. */
export const SessionKeyCardExplanation = forwardRef(function SessionKeyCardExplanation(
  given: PartProps<'p', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLParagraphElement>,
): ReactElement {
  const card = useCard()
  const { explanation, outdated, renewal, messages } = card
  const children = outdated && renewal === 'change' ? messages.sessionOutdated : explanation
  return usePart('p', {
    state: partStateOf(card),
    ref,
    own: { className: 'rsk-card-explanation', 'aria-live': 'polite', ...partDataOf(card), children },
    given,
  })
})
