'use client'
import { useId, type ReactElement } from 'react'
import { describeDifferences } from '../../permissions/describeDifference.js'
import type { PermissionMetadata } from '../../permissions/metadata.js'
import type { Session } from '../../sessions/session.js'
import { requestOf } from '../../sessions/requestOf.js'
import { useDevtools } from '../DevtoolsContext.js'

/** How what was granted is not what was asked; nothing where it is, or where nothing was granted. */
export function SessionDifferences({ session, metadata }: { session: Session; metadata: PermissionMetadata }): ReactElement | null {
  const { timeZone } = useDevtools()
  const headingId = useId()
  const { granted, expiry, grantedExpiry = expiry } = session
  if (granted.length === 0) return null
  const answer = { permissions: granted.map(({ permission }) => permission), expiry: grantedExpiry }
  const rows = describeDifferences(requestOf(session), answer, { metadata, timeZone })
  if (rows.length === 0) return null
  return (
    <section>
      <h3 className="rsk-devtools-heading" id={headingId}>
        Differences
      </h3>
      <table className="rsk-devtools-table" aria-labelledby={headingId}>
        <thead>
          <tr>
            <th scope="col">Term</th>
            <th scope="col">Asked</th>
            <th scope="col">Granted</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, about, label, asked, granted: got }, index) => (
            <tr key={index} data-kind={kind}>
              <th scope="row">
                {label}
                {about !== undefined && about !== asked && <span className="rsk-devtools-about">{about}</span>}
              </th>
              <td>{asked ?? 'not asked'}</td>
              <td>
                {got ?? 'not granted'} <span className="rsk-devtools-kind">{kind}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
