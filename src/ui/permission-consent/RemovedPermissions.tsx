'use client'
import { useId, type ReactElement } from 'react'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'
import { Prose } from '../Prose.js'

/** What the session that is replaced allowed, and this one does not. */
export function RemovedPermissions({ permissions, options, messages }: { permissions: readonly Permission[]; options: DescribeOptions; messages: UiMessages }): ReactElement {
  const id = useId()
  return (
    <>
      <h3 className="rsk-consent-heading" id={id}>
        {messages.removed}
      </h3>
      <ul className="rsk-removed" role="list" aria-labelledby={id}>
        {permissions.map((permission, index) => (
          <li key={index}>
            <s>
              <Prose>{describePermission(permission, options).summary}</Prose>
            </s>
          </li>
        ))}
      </ul>
    </>
  )
}
