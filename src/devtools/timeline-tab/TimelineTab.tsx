'use client'
import { useState, type ReactElement } from 'react'
import type { StatusChange } from '../../sessions/statusChanges.js'
import { useDevtools } from '../DevtoolsContext.js'
import { useEvents } from '../events/useEventLog.js'
import { clockTime } from '../parts/clockTime.js'
import { StatusPill } from '../parts/StatusPill.js'
import { useShownSessions } from '../sessions-tab/useShownSessions.js'
import { RecordedTimes } from './RecordedTimes.js'

/** Each change of status since the tools are there, newest first; and below what the records know of the time before. */
export function TimelineTab(): ReactElement {
  const { log } = useDevtools()
  const [wanted, setWanted] = useState('')
  const changes = useEvents(log).flatMap((event) => (event.kind === 'status' ? [event] : []))
  const { sessions } = useShownSessions('account')
  const known = new Map([...changes, ...sessions].map(({ id, name }) => [id, name]))
  const shown = changes.filter(({ id }) => wanted === '' || id === wanted).reverse()
  return (
    <>
      <div className="rsk-devtools-bar">
        <label className="rsk-devtools-field">
          <span className="rsk-devtools-label">Session</span>
          <select className="rsk-devtools-input" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)}>
            <option value="">All</option>
            {[...known].map(([id, name]) => (
              <option key={id} value={id}>
                {name} · {id.slice(0, 8)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <h3 className="rsk-devtools-heading">Observed</h3>
      {shown.length === 0 ? (
        <p className="rsk-devtools-empty">No session has changed since these tools are on the page.</p>
      ) : (
        <ol className="rsk-devtools-timeline" role="list" aria-label="Changes of status, newest first">
          {shown.map((change) => (
            <TimelineItem key={`${change.id} ${change.rev}`} change={change} />
          ))}
        </ol>
      )}
      <RecordedTimes sessions={sessions.filter(({ id }) => wanted === '' || id === wanted)} />
    </>
  )
}

function TimelineItem({ change: { id, name, from, to, rev, at } }: { change: StatusChange }): ReactElement {
  const { timeZone } = useDevtools()
  return (
    <li className="rsk-devtools-change" data-status={to}>
      <time className="rsk-devtools-data" dateTime={new Date(at).toISOString()}>
        {clockTime(at, timeZone)}
      </time>
      <span className="rsk-devtools-step">
        {from ? <StatusPill status={from} /> : <span className="rsk-devtools-quiet">{rev === 0 ? 'new' : 'not known'}</span>}
        <span className="rsk-devtools-arrow" aria-hidden="true" />
        <span className="rsk-devtools-hidden">to</span>
        <StatusPill status={to} />
      </span>
      <bdi className="rsk-devtools-name">{name}</bdi>
      <span className="rsk-devtools-data">
        {id.slice(0, 8)} · rev {rev}
      </span>
    </li>
  )
}
