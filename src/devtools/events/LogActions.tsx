'use client'
import { useState, type ReactElement } from 'react'
import type { SessionKeyEvent } from '../../actions/observeSessionKeys.js'
import { useDevtools } from '../DevtoolsContext.js'
import { useEvents } from './useEventLog.js'

/** `of`: what was copied, so that it is not said of anything later. */
type Copied = { of: readonly SessionKeyEvent[]; json?: string | undefined }

/** The log as JSON, for a report; and an empty one to begin anew. */
export function LogActions(): ReactElement {
  const { log } = useDevtools()
  const events = useEvents(log)
  const [copied, setCopied] = useState<Copied>()
  const isEmpty = events.length === 0

  async function copy() {
    if (isEmpty) return
    const json = JSON.stringify(events, null, 2)
    try {
      await navigator.clipboard.writeText(json)
      setCopied({ of: events })
    } catch {
      // A page without the permission, or not over HTTPS: it can still be copied by hand.
      setCopied({ of: events, json })
    }
  }

  return (
    <div className="rsk-devtools-log">
      <bdi className="rsk-devtools-count" dir="ltr">{`${events.length} ${events.length === 1 ? 'event' : 'events'}`}</bdi>
      {/* Not disabled, which would take the focus from whoever pressed it. */}
      <button type="button" className="rsk-devtools-button" aria-disabled={isEmpty || undefined} onClick={() => void copy()}>
        Copy as JSON
      </button>
      <button type="button" className="rsk-devtools-button" aria-disabled={isEmpty || undefined} onClick={log.clear}>
        Clear log
      </button>
      <span className="rsk-devtools-count" role="status">
        {copied?.of === events && copied.json === undefined ? 'Copied' : ''}
      </span>
      {copied?.json !== undefined && copied.of === events && (
        <textarea className="rsk-devtools-input rsk-devtools-copy" aria-label="The log as JSON" readOnly rows={4} value={copied.json} onFocus={(event) => event.currentTarget.select()} />
      )}
    </div>
  )
}
