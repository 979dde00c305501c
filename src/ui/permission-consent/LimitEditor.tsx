'use client'
import { useId, type ReactElement } from 'react'
import type { AdjustableLimit } from '../../permissions/adjustableLimits.js'
import { descriptionContext, type DescribeOptions } from '../../permissions/description.js'
import { termText } from '../../permissions/describeChange.js'
import type { Permission } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'
import { askedText, countedIn, type DraftProblem } from './readDraft.js'

/** A field in which one limit is lowered. It says what was asked, and why a value is not taken. */
export function LimitEditor({
  permission,
  limit,
  text,
  problem,
  onWrite,
  options,
  messages,
}: {
  /** As it was asked. */
  permission: Permission
  limit: AdjustableLimit
  text: string | undefined
  problem: DraftProblem | undefined
  onWrite: (text: string) => void
  options: DescribeOptions
  messages: UiMessages
}): ReactElement {
  const id = useId()
  const asked = termText(permission, limit.field, descriptionContext(options))
  const label = messages.rows[limit.label]
  const unit = countedIn(permission, limit, options).name
  return (
    <div className="rsk-editor">
      <label className="rsk-editor-label" htmlFor={id}>
        {unit === undefined ? label : messages.limitIn({ label, unit })}
      </label>
      <input
        id={id}
        className="rsk-input"
        type="text"
        dir="ltr"
        inputMode={limit.unit === 'calls' ? 'numeric' : 'decimal'}
        autoComplete="off"
        value={text ?? askedText(permission, limit, options)}
        onChange={(event) => onWrite(event.currentTarget.value)}
        aria-invalid={problem ? true : undefined}
        aria-describedby={`${id}hint`}
      />
      <p className="rsk-editor-hint" id={`${id}hint`} data-invalid={problem ? true : undefined}>
        {problem ? messages.limitProblem[problem](asked) : messages.asked(asked)}
      </p>
    </div>
  )
}
