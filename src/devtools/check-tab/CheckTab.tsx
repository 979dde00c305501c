'use client'
import { useId, useState, type FormEvent, type ReactElement } from 'react'
import { usableStatuses } from '../../sessions/status.js'
import { useShownSessions } from '../sessions-tab/useShownSessions.js'
import type { CallDraft } from './callDraft.js'
import { CallVerdict } from './CallVerdict.js'
import { argumentLabel, parseCall, readFunction, type CallField, type TypedCall } from './parseCall.js'
import { TypedField } from './TypedField.js'

type CheckTabProps = { draft: CallDraft; onDraft: (draft: CallDraft) => void }

/** Would a call that is typed here be allowed? The same check as before sending; nothing is sent. */
export function CheckTab({ draft, onDraft }: CheckTabProps): ReactElement {
  const usable = useShownSessions('account').sessions.filter(({ status }) => usableStatuses.includes(status))
  const session = usable.find(({ id }) => id === draft.session) ?? usable[0]
  const [checked, setChecked] = useState<{ call: TypedCall; id: string; count: number }>()
  const [problem, setProblem] = useState<{ field: CallField; message: string }>()
  const groupName = useId()
  const item = draft.by === 'function' ? readFunction(draft.signature) : undefined
  const change = (part: Partial<CallDraft>) => onDraft({ ...draft, ...part })
  const problemOf = (field: CallField) => (problem?.field === field ? problem.message : undefined)

  function onSubmit(event: FormEvent) {
    event.preventDefault()
    const parsed = parseCall(draft)
    setProblem('problem' in parsed ? parsed.problem : undefined)
    setChecked((before) => ('call' in parsed && session ? { call: parsed.call, id: session.id, count: (before?.count ?? 0) + 1 } : undefined))
  }

  if (!session) return <p className="rsk-devtools-empty">There is no session of this account that could act: only one that is active can be asked.</p>
  return (
    <>
      <form className="rsk-devtools-form" onSubmit={onSubmit} noValidate>
        <label className="rsk-devtools-field">
          <span className="rsk-devtools-label">Session</span>
          <select className="rsk-devtools-input" value={session.id} onChange={(event) => change({ session: event.currentTarget.value })}>
            {usable.map(({ id, name, chainId }) => (
              <option key={id} value={id}>
                {name} · {id.slice(0, 8)} · chain {chainId}
              </option>
            ))}
          </select>
        </label>
        <TypedField label="To" placeholder="0x…" value={draft.to} problem={problemOf('to')} onChange={(to) => change({ to })} />
        <fieldset className="rsk-devtools-choice rsk-devtools-wide">
          <legend className="rsk-devtools-label">Call by</legend>
          {(['function', 'calldata'] as const).map((by) => (
            <label key={by} className="rsk-devtools-radio">
              <input type="radio" name={groupName} checked={draft.by === by} onChange={() => change({ by })} />
              {by}
            </label>
          ))}
        </fieldset>
        {draft.by === 'calldata' ? (
          <TypedField wide label="Calldata" placeholder="0x" value={draft.data} problem={problemOf('data')} onChange={(data) => change({ data })} />
        ) : (
          <>
            <TypedField
              wide
              label="Function"
              placeholder="transfer(address to, uint256 amount)"
              value={draft.signature}
              problem={problemOf('signature')}
              onChange={(signature) => change({ signature })}
            />
            {item?.inputs.map((input, index) => (
              <TypedField
                key={index}
                label={argumentLabel(input, index)}
                value={draft.args[index] ?? ''}
                onChange={(text) => change({ args: item.inputs.map((_, place) => (place === index ? text : (draft.args[place] ?? ''))) })}
              />
            ))}
            {problemOf('arguments') !== undefined && (
              <p className="rsk-devtools-problem rsk-devtools-wide" role="alert">
                {problemOf('arguments')}
              </p>
            )}
          </>
        )}
        <TypedField label="Value, in the native token" placeholder="0" value={draft.value} problem={problemOf('value')} onChange={(value) => change({ value })} />
        <button type="submit" className="rsk-devtools-button rsk-devtools-primary">
          Check
        </button>
      </form>
      {checked && <CallVerdict key={checked.count} session={checked.id} call={checked.call} />}
    </>
  )
}
