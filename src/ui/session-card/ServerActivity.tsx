'use client'
import type { ReactElement } from 'react'
import { descriptionContext } from '../../permissions/description.js'
import { momentText } from '../../permissions/describeMoment.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { UseServerActivityReturnType } from '../../react/useServerActivity.js'
import type { UiMessages } from '../messages.js'
import { Prose } from '../Prose.js'
import { describeNextRun } from './describeServerRun.js'
import type { SessionCardInContext } from './SessionCardContext.js'
import { useActWords } from './useActWords.js'

/** What the server does next, while the session may act: the soonest alone. */
export function NextRun({ card }: { card: SessionCardInContext }): ReactElement | null {
  const { server, state, permissions, messages } = card
  const words = useActWords(card)
  const next = state === 'active' || state === 'exhausted' ? server?.next.find(({ looks }) => !looks) : undefined
  if (!next) return null
  const act = describeNextRun(next, permissions, words)
  if (next.paused) return <p className="rsk-server-next">{messages.serverPaused(act)}</p>
  return (
    <p className="rsk-server-next">
      <Moment card={card} moment={next.at} words={(moment) => messages.serverNext({ act, moment })} />
    </p>
  )
}

/** Why there is nothing of the server to see, and the way out. */
export function ServerNote({ card, isEmpty }: { card: SessionCardInContext; isEmpty: boolean }): ReactElement | null {
  const { server, messages } = card
  if (!server) return null
  return (
    <>
      {/* It is there before it says something, so that what it says is announced. */}
      <p className="rsk-server-note" role="status">
        {noteOf(server, messages, isEmpty)}
      </p>
      {server.error && (
        <button type="button" className="rsk-link rsk-actions-more" onClick={() => void server.refetch()}>
          {messages.serverAskAgain}
        </button>
      )}
    </>
  )
}

function noteOf({ status, error }: UseServerActivityReturnType, messages: UiMessages, isEmpty: boolean): string | undefined {
  const isRefused = error?.name === 'ServerRefusedActivityError'
  switch (status) {
    case 'disconnected':
    case 'loading':
      return messages.serverLoading
    case 'unreachable':
      return isRefused ? messages.serverRefused : messages.serverUnreachable
    case 'none':
      return messages.serverNone
    case 'known':
      if (error) return isRefused ? messages.serverRefused : messages.serverStale
      return isEmpty ? messages.serverNothing : undefined
    default:
      return status satisfies never
  }
}

/** A moment of the chain's time, in the sentence that it stands in. */
export function Moment({ card, moment, words }: { card: SessionCardInContext; moment: UnixSeconds; words: (moment: string) => string }): ReactElement {
  const { describe, messages } = card
  const text = momentText(descriptionContext({ ...describe, messages }), moment, { zone: false })
  return (
    <time className="rsk-time" dateTime={new Date(moment * 1000).toISOString()}>
      <Prose>{words(text)}</Prose>
    </time>
  )
}
