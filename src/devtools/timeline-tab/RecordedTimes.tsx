'use client'
import { useId, type ReactElement } from 'react'
import type { Session } from '../../sessions/session.js'
import { useDevtools } from '../DevtoolsContext.js'
import { dateAndTime } from '../parts/clockTime.js'
import { StatusPill } from '../parts/StatusPill.js'

const most = 50

/** When each session was made and last written, and what became of it. */
export function RecordedTimes({ sessions }: { sessions: readonly Session[] }): ReactElement | null {
  const { timeZone } = useDevtools()
  const headingId = useId()
  if (sessions.length === 0) return null
  return (
    <>
      <h3 className="rsk-devtools-heading" id={headingId}>
        On record
      </h3>
      <ul className="rsk-devtools-list" role="list" aria-labelledby={headingId}>
        {sessions.slice(0, most).map(({ id, name, status, outcome, rev, createdAt, updatedAt }) => (
          <li key={id} className="rsk-devtools-record">
            <StatusPill status={status} />
            <bdi className="rsk-devtools-name">{name}</bdi>
            <span className="rsk-devtools-data">
              {id.slice(0, 8)} · rev {rev}
            </span>
            <span className="rsk-devtools-data">created {dateAndTime(createdAt, timeZone)}</span>
            <span className="rsk-devtools-data">updated {dateAndTime(updatedAt, timeZone)}</span>
            {outcome && <span className="rsk-devtools-data">outcome {outcome}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
