'use client'
import type { ReactElement } from 'react'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import { useMessages } from '../MessagesProvider.js'
import { PermissionItem } from './PermissionItem.js'

export type PermissionListProps = DescribeOptions & {
  permissions: readonly Permission[]
  /** Default: shown with each permission. `false` where the warnings stand elsewhere. */
  warnings?: boolean | undefined
  'aria-label'?: string | undefined
  'aria-labelledby'?: string | undefined
}

/** What each permission allows. */
export function PermissionList({ permissions, warnings = true, messages: given, 'aria-label': label, 'aria-labelledby': labelledBy, ...options }: PermissionListProps): ReactElement {
  const messages = useMessages(given)
  return (
    // Safari forgets that a list without bullets is a list.
    <ul className="rsk-permissions" role="list" lang={messages.locale} dir={messages.direction} aria-label={label} aria-labelledby={labelledBy}>
      {permissions.map((permission, index) => (
        <PermissionItem key={index} permission={permission} options={{ ...options, messages, among: permissions }} warnings={warnings} />
      ))}
    </ul>
  )
}
