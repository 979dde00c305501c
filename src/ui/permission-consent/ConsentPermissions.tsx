'use client'
import { useId, type ReactElement } from 'react'
import { adjustableLimits } from '../../permissions/adjustableLimits.js'
import { describeChanges } from '../../permissions/describeChange.js'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import { limitFiat } from '../../permissions/describeExposure.js'
import type { ExistingComparison } from '../../permissions/existing.js'
import type { Prices } from '../../permissions/prices.js'
import type { Permission } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'
import { PermissionIcon } from '../permission-list/PermissionIcon.js'
import { PermissionItem } from '../permission-list/PermissionItem.js'
import { Prose } from '../Prose.js'
import { AppWords } from './AppWords.js'
import { LimitEditor } from './LimitEditor.js'
import { pathOf } from './readDraft.js'
import { RiskTick } from './RiskTick.js'
import type { Acknowledgements } from './useAcknowledgements.js'
import type { AppWords as Words } from '../../permissions/appWords.js'
import type { LoweringState } from './useLowering.js'

/** What is asked, permission by permission, as far as the user allows it. */
export function ConsentPermissions({
  lowering,
  risks,
  editing,
  adjustable,
  existing,
  appWords,
  prices,
  options,
  messages,
  labelledBy,
}: {
  lowering: LoweringState
  risks: Acknowledgements
  editing: boolean
  adjustable: boolean
  existing: ExistingComparison | undefined
  appWords: readonly (Words | undefined)[]
  prices: Prices | undefined
  options: DescribeOptions
  messages: UiMessages
  labelledBy: string
}): ReactElement {
  const id = useId()
  const { asked, draft, problems, write, omit } = lowering
  const allowedOnes = lowering.allowed.filter((permission) => permission !== undefined)
  return (
    <ul className="rsk-permissions" role="list" aria-labelledby={labelledBy}>
      {asked.permissions.map((permission, index) => {
        const allowed = lowering.allowed[index]
        const said = appWords[index]
        const status = existing?.statuses[index]
        const fiat = allowed && limitFiat(allowed, { ...options, prices })
        const choice = permission.optional && adjustable && <OptionalChoice allowed={allowed !== undefined} onChange={(allowed) => omit(index, !allowed)} messages={messages} />
        if (!allowed) return <OmittedPermission key={index} permission={permission} choice={choice} options={options} messages={messages} />
        return (
          <PermissionItem
            key={index}
            permission={allowed}
            options={{ ...options, among: allowedOnes }}
            summaryId={`${id}${index}`}
            data-state={allowed === permission ? undefined : 'lowered'}
            above={
              <>
                {status && (
                  <p className="rsk-status" data-status={status.status}>
                    {messages.status[status.status]}
                  </p>
                )}
                {choice}
              </>
            }
            between={
              <>
                {said && <AppWords words={said} messages={messages} />}
                {status?.status === 'changed' &&
                  describeChanges(status.before, status.after, options).map(({ path, ...change }) => (
                    <p key={path} className="rsk-change">
                      <Prose>{messages.changedTerm(change)}</Prose>
                    </p>
                  ))}
                {fiat && <p className="rsk-fiat">{messages.approximately(fiat)}</p>}
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
            below={<RiskTick acknowledgement={risks.of(index)} describedBy={`${id}${index}`} options={options} messages={messages} />}
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
