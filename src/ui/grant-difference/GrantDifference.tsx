'use client'
import type { ReactElement } from 'react'
import type { Terms } from '../../permissions/compare.js'
import { describeDifferences } from '../../permissions/describeDifference.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'
import { Prose } from '../Prose.js'

export type GrantDifferenceProps = Omit<DescribeOptions, 'messages' | 'expiry' | 'among'> & {
  asked: Terms
  granted: Terms
  messages?: Partial<UiMessages> | undefined
}

/** What the wallet granted beside what it was asked, where that is not the same. Nothing where it is. */
export function GrantDifference({ asked, granted, messages: given, ...options }: GrantDifferenceProps): ReactElement | null {
  const messages = useMessages(given)
  const rows = describeDifferences(asked, granted, { ...options, messages })
  if (rows.length === 0) return null
  return (
    <table className="rsk-difference" lang={messages.locale} dir={messages.direction}>
      <caption>{messages.grantDifference}</caption>
      <thead>
        <tr>
          <th scope="col">{messages.differenceOf}</th>
          <th scope="col">{messages.askedColumn}</th>
          <th scope="col">{messages.grantedColumn}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ kind, about, label, asked: before, granted: after }, index) => (
          <tr key={index} data-kind={kind}>
            <th scope="row">
              {label}
              {about !== undefined && about !== before && (
                <span className="rsk-difference-about">
                  <Prose>{about}</Prose>
                </span>
              )}
            </th>
            <td>
              <Prose>{before ?? messages.notAsked}</Prose>
            </td>
            <td>
              <Prose>{after ?? messages.notGranted}</Prose>
              <span className="rsk-difference-kind">{messages.differenceKind[kind]}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
