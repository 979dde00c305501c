'use client'
import { forwardRef, useEffect, useRef, type ForwardedRef, type ReactElement, type RefObject } from 'react'
import { isolateRightToLeft } from '../../permissions/isolate.js'
import { usePart, type PartProps } from '../parts/part.js'
import { partDataOf, partStateOf, useCard, type SessionCardInContext, type SessionKeyCardPartState } from './SessionCardContext.js'
import type { Renewal } from './sessionCardState.js'

/** The way out of each state: end it (in two steps), ask for it anew, find out again. What went wrong stands above. */
export const SessionKeyCardActions = forwardRef(function SessionKeyCardActions(
  given: PartProps<'div', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement | null {
  const card = useCard()
  const { session, problem, error, phase } = card
  const status = statusOf(card)
  const said = status ?? (error ? undefined : problem)
  const statusRef = useRef<HTMLParagraphElement>(null)
  const keepRef = useRef<HTMLButtonElement>(null)
  const endRef = useRef<HTMLButtonElement>(null)
  useFocusOnQuestion(keepRef, endRef, phase === 'confirming')
  useFocusCard(statusRef, card.canEnd)
  const element = usePart('div', {
    state: partStateOf(card),
    ref,
    own: {
      className: 'rsk-card-actions',
      ...partDataOf(card),
      children: (
        <>
          <p ref={statusRef} className="rsk-card-status" role="status">
            {said}
          </p>
          {error && !status && (
            <p className="rsk-card-problem" role="alert">
              {problem}
            </p>
          )}
          {phase === 'confirming' ? <Confirmation card={card} keepRef={keepRef} /> : <Buttons card={card} endRef={endRef} />}
        </>
      ),
    },
    given,
  })
  return session ? element : null
})

function statusOf({ phase, isRenewing, isChecking, messages }: SessionCardInContext): string | undefined {
  if (phase === 'ending') return messages.ending
  if (isRenewing) return messages.renewing
  return isChecking ? messages.checking : undefined
}

function Buttons({ card, endRef }: { card: SessionCardInContext; endRef: RefObject<HTMLButtonElement | null> }): ReactElement | null {
  const { canEnd, askToEnd, end, phase, state, renewal, renew, isRenewing, checkAgain, isChecking, messages } = card
  if (!canEnd && !renew && !checkAgain) return null
  return (
    <div className="rsk-card-buttons">
      {renew && renewal && (
        <button type="button" className="rsk-button rsk-button-primary" aria-disabled={isRenewing || undefined} onClick={renew}>
          {messages[renewalWords[renewal]]}
        </button>
      )}
      {checkAgain && (
        <button type="button" className="rsk-button" aria-disabled={isChecking || undefined} onClick={checkAgain}>
          {messages.checkAgain}
        </button>
      )}
      {canEnd && (
        <button
          ref={endRef}
          type="button"
          className="rsk-button"
          aria-disabled={phase === 'ending' || undefined}
          // What was confirmed once needs no second question.
          onClick={phase === 'ending' ? undefined : state === 'revoking' ? end : askToEnd}
        >
          {state === 'revoking' ? messages.endAgain : messages.end}
        </button>
      )}
    </div>
  )
}

const renewalWords = { change: 'renewChange', more: 'renewMore', again: 'renewAgain' } as const satisfies Record<Renewal, string>

/** The safe answer comes first and has the focus; Escape is the safe answer too. */
function Confirmation({ card, keepRef }: { card: SessionCardInContext; keepRef: RefObject<HTMLButtonElement | null> }): ReactElement {
  const { messages, name, keep, end, titleId } = card
  return (
    <div
      className="rsk-card-confirmation"
      role="group"
      aria-labelledby={`${titleId}end`}
      aria-describedby={`${titleId}consequence`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        keep()
      }}
    >
      <p className="rsk-card-question" id={`${titleId}end`}>
        {messages.endQuestion(isolateRightToLeft(messages.sessionName(name)))}
      </p>
      <p className="rsk-card-consequence" id={`${titleId}consequence`}>
        {messages.endConsequence}
      </p>
      <div className="rsk-card-buttons">
        <button ref={keepRef} type="button" className="rsk-button" onClick={keep}>
          {messages.keep}
        </button>
        <button type="button" className="rsk-button rsk-button-danger" onClick={end}>
          {messages.endConfirm}
        </button>
      </div>
    </div>
  )
}

/** The question has the focus on its safe answer while it is asked; afterwards it goes back to where it came from. */
function useFocusOnQuestion(keepRef: RefObject<HTMLElement | null>, endRef: RefObject<HTMLElement | null>, asking: boolean): void {
  const asked = useRef(false)
  useEffect(() => {
    if (asking) keepRef.current?.focus()
    else if (asked.current) endRef.current?.focus()
    asked.current = asking
  }, [keepRef, endRef, asking])
}

/** A button that is gone takes the focus with it: then the card itself has it, and says its name. */
function useFocusCard(inside: RefObject<HTMLElement | null>, canEnd: boolean): void {
  const could = useRef(canEnd)
  useEffect(() => {
    if (could.current && !canEnd && document.activeElement === document.body) inside.current?.closest<HTMLElement>('.rsk-card')?.focus()
    could.current = canEnd
  }, [inside, canEnd])
}
