'use client'
import type { ReactElement, ReactNode } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import { AddressText } from '../AddressText.js'
import type { UiMessages } from '../messages.js'

/** The exact forms, for who wants to compare them: whole addresses, signatures with selectors, smallest units. */
export function ConsentDetails({
  request,
  permissions,
  options,
  messages,
}: {
  request: ConsentRequest
  /** As far as the user allows them. */
  permissions: readonly Permission[]
  options: DescribeOptions
  messages: UiMessages
}): ReactElement {
  return (
    <details className="rsk-details">
      <summary className="rsk-details-summary">{messages.details}</summary>
      <dl className="rsk-details-rows">
        <Detail label={messages.origin}>{request.origin}</Detail>
        <Detail label={messages.account}>
          <AddressText address={request.account} whole />
        </Detail>
        <Detail label={messages.chainId}>{request.chain.id}</Detail>
        {request.type === 'permissions' ? (
          <>
            <Detail label={messages.sessionKey}>
              {request.delegate ? <AddressText address={request.delegate} whole /> : messages.sessionKeyToCome}
            </Detail>
            {permissions.flatMap((permission, index) =>
              describePermission(permission, options).rows.flatMap(({ label, address, detail }, row) => [
                ...(address
                  ? [
                      <Detail key={`${index}.${row}.address`} label={label}>
                        <AddressText address={address} whole />
                      </Detail>,
                    ]
                  : []),
                ...(detail
                  ? [
                      <Detail key={`${index}.${row}.detail`} label={label}>
                        {detail}
                      </Detail>,
                    ]
                  : []),
              ]),
            )}
          </>
        ) : (
          request.calls.map(({ to, data }, index) => (
            <Detail key={index} label={messages.callData(index + 1)}>
              <AddressText address={to} whole /> {data}
            </Detail>
          ))
        )}
      </dl>
    </details>
  )
}

function Detail({ label, children }: { label: string; children: ReactNode }): ReactElement {
  return (
    <div className="rsk-detail">
      <dt>{label}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  )
}
