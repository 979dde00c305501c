'use client'
import type { ReactElement, ReactNode } from 'react'
import { describePermission } from '../../permissions/describe.js'
import { shortAddress, type DescribeOptions, type DescriptionRow } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import { AddressText } from '../AddressText.js'
import { Prose } from '../Prose.js'
import { WarningText } from '../WarningText.js'
import { PermissionIcon } from './PermissionIcon.js'

export type PermissionItemProps = {
  permission: Permission
  options: DescribeOptions
  warnings?: boolean | undefined
  /** What stands above the summary, between the rows and the warnings, and below them. */
  above?: ReactNode
  between?: ReactNode
  below?: ReactNode
  summaryId?: string | undefined
  'data-state'?: string | undefined
}

/** One permission: a line that says what it allows, and quiet rows with whom and how much. */
export function PermissionItem({ permission, options, warnings = true, above, between, below, summaryId, 'data-state': state }: PermissionItemProps): ReactElement {
  const { summary, rows } = describePermission(permission, options)
  return (
    <li className="rsk-permission" data-type={permission.type} data-state={state}>
      <PermissionIcon type={permission.type} />
      <div className="rsk-permission-body">
        {above}
        <p className="rsk-permission-summary" id={summaryId}>
          <Prose>{summary}</Prose>
        </p>
        <dl className="rsk-rows">
          {rowsBeyondSummary(permission, rows).map((row, index) => (
            <div key={index} className="rsk-row" data-kind={row.kind}>
              <dt>{row.label}</dt>
              <dd>
                <RowValue row={row} />
              </dd>
            </div>
          ))}
        </dl>
        {between}
        {warnings &&
          rows
            .filter(({ kind }) => kind === 'warning')
            .map(({ label, value }) => (
              <WarningText key={value} title={label}>
                {value}
              </WarningText>
            ))}
        {below}
      </div>
    </li>
  )
}

/** What the summary does not say already. Several functions stand one by one: a long summary only counts them. */
function rowsBeyondSummary({ type }: Permission, rows: readonly DescriptionRow[]): readonly DescriptionRow[] {
  const severalFunctions = rows.filter(({ kind }) => kind === 'function').length > 1
  return rows.filter(({ kind }) => {
    if (kind === 'function') return severalFunctions
    if (kind === 'limit') return type !== 'contract-call'
    return kind === 'contract' || kind === 'payee' || kind === 'start' || kind === 'argument'
  })
}

function RowValue({ row: { value, address } }: { row: DescriptionRow }): ReactElement {
  if (!address) return <bdi>{value}</bdi>
  const short = shortAddress(address)
  if (value.includes(short)) {
    const [before] = value.split(short)
    return before ? <bdi title={address}>{value}</bdi> : <AddressText address={address} />
  }
  return (
    <>
      <bdi>{value}</bdi> <AddressText address={address} />
    </>
  )
}
