'use client'
import type { ReactElement } from 'react'
import { describePermission } from '../../permissions/describe.js'
import { shortAddress, type DescribeOptions, type DescriptionRow } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import { AddressText } from '../AddressText.js'
import { Prose } from '../Prose.js'
import { WarningText } from '../WarningText.js'
import { PermissionIcon } from './PermissionIcon.js'

export type PermissionListProps = DescribeOptions & {
  permissions: readonly Permission[]
  /** Default: shown with each permission. `false` where the warnings stand elsewhere. */
  warnings?: boolean | undefined
  'aria-label'?: string | undefined
  'aria-labelledby'?: string | undefined
}

/** What each permission allows: one line that says it, and quiet rows with whom and how much. */
export function PermissionList({ permissions, warnings = true, 'aria-label': label, 'aria-labelledby': labelledBy, ...options }: PermissionListProps): ReactElement {
  return (
    // Safari forgets that a list without bullets is a list.
    <ul className="rsk-permissions" role="list" aria-label={label} aria-labelledby={labelledBy}>
      {permissions.map((permission, index) => {
        const { summary, rows } = describePermission(permission, { ...options, among: permissions })
        return (
          <li key={index} className="rsk-permission" data-type={permission.type}>
            <PermissionIcon type={permission.type} />
            <div className="rsk-permission-body">
              <p className="rsk-permission-summary">
                <Prose>{summary}</Prose>
              </p>
              <dl className="rsk-rows">
                {rowsBeyondSummary(permission, rows).map((row, rowIndex) => (
                  <div key={rowIndex} className="rsk-row" data-kind={row.kind}>
                    <dt>{row.label}</dt>
                    <dd>
                      <RowValue row={row} />
                    </dd>
                  </div>
                ))}
              </dl>
              {warnings &&
                rows
                  .filter(({ kind }) => kind === 'warning')
                  .map(({ label: title, value }) => (
                    <WarningText key={value} title={title}>
                      {value}
                    </WarningText>
                  ))}
            </div>
          </li>
        )
      })}
    </ul>
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
