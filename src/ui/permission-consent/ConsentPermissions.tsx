'use client'
import { useId, type ReactElement } from 'react'
import { adjustableLimits, lowerPermission } from '../../permissions/adjustableLimits.js'
import { describeChanges } from '../../permissions/describeChange.js'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { Permission } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'
import { PermissionIcon } from '../permission-list/PermissionIcon.js'
import { PermissionItem } from '../permission-list/PermissionItem.js'
import { Prose } from '../Prose.js'
import { LimitEditor } from './LimitEditor.js'
import { pathOf } from './readDraft.js'
import type { LoweringState } from './useLowering.js'

/** What is asked, permission by permission, as far as the user allows it. */
export function ConsentPermissions({
  lowering,
  editing,
  adjustable,
  options,
  messages,
  labelledBy,
}: {
  lowering: LoweringState
  editing: boolean
  adjustable: boolean
  options: DescribeOptions
  messages: UiMessages
  labelledBy: string
}): ReactElement {
  const { asked, terms, draft, problems, write, omit } = lowering
  return (
    <ul className="rsk-permissions" role="list" aria-labelledby={labelledBy}>
      {asked.permissions.map((permission, index) => {
        const omitted = draft.omitted.includes(index)
        const choice = permission.optional && adjustable && <OptionalChoice allowed={!omitted} onChange={(allowed) => omit(index, !allowed)} messages={messages} />
        if (omitted) return <OmittedPermission key={index} permission={permission} choice={choice} options={options} messages={messages} />
        const allowed = lowerPermission(permission, lowering.limits[index] ?? {})
        return (
          <PermissionItem
            key={index}
            permission={allowed}
            options={{ ...options, among: terms.permissions }}
            data-state={allowed === permission ? undefined : 'lowered'}
            above={choice}
            between={
              <>
                {allowed !== permission && <LoweredNotes asked={permission} allowed={allowed} options={options} messages={messages} />}
                {editing && (
                  <div className="rsk-editors">
                    {adjustableLimits(permission).map((limit) => {
                      const path = pathOf(index, limit.field)
                      return (
                        <LimitEditor
                          key={limit.field}
                          permission={permission}
                          limit={limit}
                          text={draft.texts[path]}
                          problem={problems[path]}
                          onWrite={(text) => write(path, text)}
                          options={options}
                          messages={messages}
                        />
                      )
                    })}
                  </div>
                )}
              </>
            }
          />
        )
      })}
    </ul>
  )
}

function LoweredNotes({ asked, allowed, options, messages }: { asked: Permission; allowed: Permission; options: DescribeOptions; messages: UiMessages }): ReactElement {
  return (
    <>
      {describeChanges(asked, allowed, options).map(({ path, before, after }) => (
        <p key={path} className="rsk-lowered">
          <Prose>{messages.askedAllowed({ asked: before, allowed: after })}</Prose>
        </p>
      ))}
    </>
  )
}

/** An optional permission that the user has unticked: what it would have been, struck out of the list but not out of sight. */
function OmittedPermission({
  permission,
  choice,
  options,
  messages,
}: {
  permission: Permission
  choice: ReactElement | false | undefined
  options: DescribeOptions
  messages: UiMessages
}): ReactElement {
  return (
    <li className="rsk-permission" data-type={permission.type} data-state="omitted">
      <PermissionIcon type={permission.type} />
      <div className="rsk-permission-body">
        {choice}
        <p className="rsk-permission-summary">
          <s>
            <Prose>{describePermission(permission, options).summary}</Prose>
          </s>
        </p>
        <p className="rsk-lowered">{messages.notAllowed}</p>
      </div>
    </li>
  )
}

function OptionalChoice({ allowed, onChange, messages }: { allowed: boolean; onChange: (allowed: boolean) => void; messages: UiMessages }): ReactElement {
  const id = useId()
  return (
    <div className="rsk-tick">
      <input id={id} type="checkbox" checked={allowed} onChange={(event) => onChange(event.currentTarget.checked)} />
      <label htmlFor={id}>{messages.optional}</label>
    </div>
  )
}
