'use client'
import { useId, type ReactElement } from 'react'
import type { PermissionMetadata } from '../../permissions/metadata.js'
import type { Permission } from '../../permissions/permission.js'
import { usePermissionUsage } from '../../react/usePermissionUsage.js'
import type { Session } from '../../sessions/session.js'
import { useDevtools } from '../DevtoolsContext.js'
import { PermissionLine } from './PermissionLine.js'

type SessionLimitsProps = {
  heading: string
  session: Session
  permissions: readonly Permission[]
  /** What is left is read from the chain. */
  counted: boolean
  metadata: PermissionMetadata
}

/** Each permission in words, and what the chain says is left of it. */
export function SessionLimits({ heading, session: { id }, permissions, counted, metadata }: SessionLimitsProps): ReactElement | null {
  const { config, timeZone } = useDevtools()
  const headingId = useId()
  const usage = usePermissionUsage({ config, session: id, query: { enabled: counted, retry: false } })
  if (permissions.length === 0) return null
  return (
    <section>
      <h3 className="rsk-devtools-heading" id={headingId}>
        {heading}
      </h3>
      <ul className="rsk-devtools-permissions" role="list" aria-labelledby={headingId}>
        {permissions.map((permission, index) => (
          <PermissionLine
            key={index}
            permission={permission}
            options={{ metadata, timeZone, among: permissions }}
            usage={counted ? { read: usage.data?.permissions[index], asOf: usage.data?.asOf, reading: usage.isLoading } : undefined}
          />
        ))}
      </ul>
      {counted && usage.data && (
        <p className="rsk-devtools-note">
          As of block {String(usage.data.asOf.blockNumber)}{usage.data.counted ? '' : ', where not every limit is counted'}.
        </p>
      )}
      {counted && usage.error && <p className="rsk-devtools-problem">{usage.error.shortMessage ?? usage.error.message}</p>}
    </section>
  )
}
