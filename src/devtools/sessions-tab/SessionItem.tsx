'use client'
import { memo, useState, type ReactElement } from 'react'
import { shortAddress } from '../../permissions/description.js'
import type { Session } from '../../sessions/session.js'
import { StatusPill } from '../parts/StatusPill.js'
import { SessionDetails } from './SessionDetails.js'
import { TimeUntil } from './TimeUntil.js'
import { useShownStatus } from './useShownSessions.js'

/** One line for each session. Only while it is open is anything read for it. */
export const SessionItem = memo(function SessionItem({ session }: { session: Session }): ReactElement {
  const [open, setOpen] = useState(false)
  const status = useShownStatus(session)
  return (
    <li className="rsk-devtools-item" data-status={status}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="rsk-devtools-summary">
          <StatusPill status={status} />
          <bdi className="rsk-devtools-name">{session.name}</bdi>
          <bdi className="rsk-devtools-data" dir="ltr" title={session.address}>
            {shortAddress(session.address)}
          </bdi>
          <span className="rsk-devtools-data">chain {session.chainId}</span>
          <span className="rsk-devtools-data rsk-devtools-end">
            <TimeUntil moment={session.expiry} chainId={session.chainId} />
          </span>
        </summary>
        {open && <SessionDetails session={session} status={status} />}
      </details>
    </li>
  )
})
