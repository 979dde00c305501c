'use client'
import { forwardRef, memo, useId, useRef, type ForwardedRef, type ReactElement, type ReactNode } from 'react'
import { defaultSessionName, type SessionDefinition } from '../../permissions/defineSession.js'
import type { Session } from '../../sessions/session.js'
import { useMessages } from '../MessagesProvider.js'
import { usePart, type PartProps } from '../parts/part.js'
import { SessionKeyCard } from '../session-card/SessionKeyCard.js'
import type { UseSessionCardParameters } from '../session-card/useSessionCard.js'
import { StorageNotice } from '../storage-notice/StorageNotice.js'
import { SessionKeyListDataAttributes as data } from './SessionKeyListDataAttributes.js'
import { useSessionKeyList, type SessionKeyListState, type UseSessionKeyListParameters } from './useSessionKeyList.js'

/** What `className`, `style` and `render` are told. */
export type SessionKeyListPartState = { state: SessionKeyListState }

export type SessionKeyListProps = UseSessionKeyListParameters &
  Omit<UseSessionCardParameters, 'session' | 'definition'> &
  Omit<PartProps<'section', SessionKeyListPartState>, 'children'> & {
    /** The app's definitions: a session can be renewed by the one of its name. */
    definitions?: readonly SessionDefinition[] | undefined
    /** What stands for each session, in place of its card. */
    children?: ((session: Session) => ReactNode) | undefined
  }

/** The connected account's sessions: the live ones first, each with its card; more of them on request. */
export const SessionKeyList = forwardRef(function SessionKeyList(
  { config, pageSize, definitions, onRenew, metadata, locale, timeZone, messages: words, children, ...given }: SessionKeyListProps,
  ref: ForwardedRef<HTMLElement>,
): ReactElement {
  const { state, sessions, known, showMore } = useSessionKeyList({ config, pageSize })
  const messages = useMessages(words)
  const titleId = useId()
  const listRef = useRef<HTMLOListElement>(null)
  const status = {
    loading: messages.sessionsLoading,
    disconnected: messages.sessionsDisconnected,
    locked: messages.sessionsLocked,
    empty: messages.sessionsEmpty,
    filled: showMore ? messages.sessionsShown({ shown: sessions.length, known }) : undefined,
  }[state]

  const content = (
    <>
      <h2 className="rsk-sessions-title" id={titleId}>
        {messages.sessionsTitle}
      </h2>
      {state === 'filled' && <StorageNotice config={config} messages={words} />}
      {state === 'filled' && (
        <ol className="rsk-sessions-items" role="list" aria-labelledby={titleId} ref={listRef} tabIndex={-1}>
          {sessions.map((session) => (
            <li key={session.id} className="rsk-sessions-item">
              {children ? (
                children(session)
              ) : (
                <ListedCard
                  config={config}
                  session={session}
                  definition={definitions?.find(({ name = defaultSessionName }) => name === session.name)}
                  onRenew={onRenew}
                  metadata={metadata}
                  locale={locale}
                  timeZone={timeZone}
                  messages={words}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      <p className="rsk-sessions-status" role="status">
        {status}
      </p>
      {showMore && (
        <button
          type="button"
          className="rsk-button rsk-sessions-more"
          onClick={() => {
            // The button may be gone afterwards.
            listRef.current?.focus({ preventScroll: true })
            showMore()
          }}
        >
          {messages.sessionsMore}
        </button>
      )}
    </>
  )
  return usePart('section', {
    state: { state },
    ref,
    own: {
      className: 'rsk-sessions',
      lang: messages.locale, dir: messages.direction,
      'aria-labelledby': titleId,
      'aria-busy': state === 'loading' || undefined,
      [data.state]: state,
      children: content,
    },
    given,
  })
})

/** What happens to one session re-renders its own card. */
const ListedCard = memo(function ListedCard(parameters: UseSessionCardParameters): ReactElement {
  return <SessionKeyCard {...parameters} storageNotice={false} />
})
