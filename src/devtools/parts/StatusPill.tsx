'use client'
import type { ReactElement } from 'react'
import type { SessionStatus } from '../../sessions/status.js'

/** The status by its own name, as the code has it. */
export function StatusPill({ status }: { status: SessionStatus }): ReactElement {
  return (
    <span className="rsk-devtools-pill" data-status={status}>
      {status}
    </span>
  )
}
