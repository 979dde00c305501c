'use client'
import type { ReactElement } from 'react'
import type { PermissionUsage } from '../../permissions/check.js'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions, DescriptionRow } from '../../permissions/description.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { useUsageMeter } from '../../ui/usage-meter/useUsageMeter.js'

type PermissionLineProps = {
  permission: Permission
  options: Omit<DescribeOptions, 'messages'>
  /** Left out: nothing is said of what is left. */
  usage?: { read: PermissionUsage | undefined; asOf: { blockNumber: bigint; timestamp: UnixSeconds } | undefined; reading: boolean } | undefined
}

export function PermissionLine({ permission, options, usage }: PermissionLineProps): ReactElement {
  const { summary, rows } = describePermission(permission, options)
  return (
    <li className="rsk-devtools-permission" data-type={permission.type}>
      <p className="rsk-devtools-permission-summary">{summary}</p>
      <p className="rsk-devtools-permission-type">{permission.type}</p>
      {usage && <Left permission={permission} options={options} usage={usage} />}
      <dl className="rsk-devtools-facts">
        {rows.map((row, index) => (
          <div key={index} className="rsk-devtools-fact" data-kind={row.kind}>
            <dt>{row.label}</dt>
            <dd>
              <bdi>{textOf(row)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

function Left({ permission, options, usage: { read, asOf, reading } }: Required<PermissionLineProps> & { usage: NonNullable<PermissionLineProps['usage']> }): ReactElement {
  const { meterProps, text, note, leftShare, state } = useUsageMeter({ ...options, permission, usage: read, asOf, reading })
  return (
    <div className="rsk-devtools-meter" data-state={state} {...meterProps}>
      <span>
        <bdi dir="ltr">{note === undefined ? text : `${text}, ${note}`}</bdi>
      </span>
      {leftShare !== undefined && (
        <span className="rsk-devtools-track">
          <span className="rsk-devtools-fill" style={{ inlineSize: `${leftShare * 100}%` }} />
        </span>
      )}
    </div>
  )
}

/** With the exact form, which a summary for users leaves to the details. */
function textOf({ value, address, detail }: DescriptionRow): string {
  return [value, ...[address, detail].filter((more) => more !== undefined && !value.includes(more))].join(' · ')
}
