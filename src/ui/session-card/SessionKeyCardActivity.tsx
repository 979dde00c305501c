'use client'
import { forwardRef, useCallback, useId, useMemo, useRef, useState, type ForwardedRef, type ReactElement } from 'react'
import type { Hash } from 'viem'
import { describeAge } from '../../permissions/describeMoment.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { ServerRun } from '../../sessions/activityWire.js'
import type { SessionAction } from '../../sessions/sessionAction.js'
import { CountingTime } from '../counting-time/CountingTime.js'
import { useExplorerLink } from '../Explorer.js'
import { usePart, type PartProps } from '../parts/part.js'
import { Prose } from '../Prose.js'
import { describeAction } from './describeAction.js'
import { describeServerRun } from './describeServerRun.js'
import { Moment, NextRun, ServerNote } from './ServerActivity.js'
import { partDataOf, partStateOf, useCard, type SessionCardInContext, type SessionKeyCardPartState } from './SessionCardContext.js'
import { SessionKeyCardDataAttributes as data } from './SessionKeyCardDataAttributes.js'
import { useActWords } from './useActWords.js'

/** How many actions are shown until more are asked for. */
const shownAtFirst = 5

/**
 * What was done last with the session, and what became of it, the newest first: by this browser, and by the app's server where the card has a
 * `server`, with what that does next. Nothing where nobody has done anything.
 */
export const SessionKeyCardActivity = forwardRef(function SessionKeyCardActivity(
  given: PartProps<'div', SessionKeyCardPartState>,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement | null {
  const card = useCard()
  const { activity, server, session, messages } = card
  const [showsAll, setShowsAll] = useState(false)
  const titleId = useId()
  const listRef = useRef<HTMLOListElement>(null)
  const entries = useMemo(() => newestFirst(activity.actions, server?.runs ?? []), [activity.actions, server?.runs])
  const hides = !showsAll && entries.length > shownAtFirst
  const more = hides || server?.hasMore
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
          <NextRun card={card} />
          {entries.length > 0 && (
            <ol className="rsk-actions" role="list" aria-labelledby={titleId} ref={listRef} tabIndex={-1}>
              {(showsAll ? entries : entries.slice(0, shownAtFirst)).map((entry) =>
                'run' in entry ? <Run key={entry.key} run={entry.run} card={card} /> : <Action key={entry.key} action={entry.action} card={card} />,
              )}
            </ol>
          )}
          <ServerNote card={card} isEmpty={entries.length === 0} />
          {more && (
            <button
              type="button"
              className="rsk-link rsk-actions-more"
              aria-disabled={server?.isFetchingMore || undefined}
              onClick={() => {
                // The button may be gone.
                listRef.current?.focus({ preventScroll: true })
                if (!hides && !server?.isFetchingMore) server?.fetchMore()
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
  return entries.length > 0 || (server && session) ? element : null
})

type Entry = { key: string; at: UnixSeconds } & ({ action: SessionAction } | { run: ServerRun })

/** The server goes by the chain's clock, the browser by its own: on a chain that keeps the time they are the same. */
function newestFirst(actions: readonly SessionAction[], runs: readonly ServerRun[]): readonly Entry[] {
  const entries: readonly Entry[] = [
    ...actions.map((action) => ({ key: action.id, at: action.at / 1000, action })),
    // That there was nothing to do is nothing that was done.
    ...runs.filter(({ status }) => status !== 'nothing').map((run) => ({ key: `server ${run.id}`, at: run.at ?? run.dueAt, run })),
  ]
  return [...entries].sort((a, b) => b.at - a.at)
}

function Action({ action, card }: { action: SessionAction; card: SessionCardInContext }): ReactElement {
  const { messages } = card
  const { outcome } = action
  const words = useActWords(card)
  const { what, reason } = useMemo(() => describeAction(action, words), [action, words])
  const transactionHash = 'transactionHash' in outcome ? outcome.transactionHash : undefined
  return (
    <li className="rsk-action" {...{ [data.outcome]: outcome.status, [data.by]: 'browser' }}>
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

function Run({ run, card }: { run: ServerRun; card: SessionCardInContext }): ReactElement {
  const { messages } = card
  const { status, transactionHash } = run
  const words = useActWords(card)
  const { outcome, what, reason } = useMemo(() => describeServerRun(run, words), [run, words])
  return (
    <li className="rsk-action" {...{ [data.outcome]: status, [data.by]: 'server' }}>
      <p className="rsk-action-what">
        <span className="rsk-action-outcome">{outcome}</span> <Prose>{what}</Prose>
      </p>
      {reason && <p className="rsk-action-reason">{reason}</p>}
      <p className="rsk-action-when">
        <Moment card={card} moment={status === 'missed' ? run.dueAt : (run.at ?? run.dueAt)} words={messages.serverOn} />
        <span className="rsk-action-by">{messages.serverBy}</span>
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
