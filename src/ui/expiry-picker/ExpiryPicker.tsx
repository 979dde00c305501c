'use client'
import { forwardRef, useId, type ForwardedRef, type ReactElement, type ReactNode } from 'react'
import { usePart, type PartProps } from '../parts/part.js'
import { ExpiryPickerDataAttributes as data } from './ExpiryPickerDataAttributes.js'
import { useExpiryPicker, type UseExpiryPickerParameters } from './useExpiryPicker.js'

/** What `className`, `style` and `render` are told. */
export type ExpiryPickerPartState = { mode: 'duration' | 'date'; invalid: boolean }

export type ExpiryPickerProps = UseExpiryPickerParameters &
  Omit<PartProps<'fieldset', ExpiryPickerPartState>, 'children' | 'defaultValue'> & {
    /** Default: "How long". */
    label?: ReactNode
  }

/** A length out of several, or a date; native inputs, and never beyond the maximum. */
export const ExpiryPicker = forwardRef(function ExpiryPicker(
  { value, defaultValue, max, minSeconds, durations, onValueChange, now, locale, messages: words, label, ...given }: ExpiryPickerProps,
  ref: ForwardedRef<HTMLFieldSetElement>,
): ReactElement {
  const picker = useExpiryPicker({ value, defaultValue, max, minSeconds, durations, onValueChange, now, locale, messages: words })
  const { mode, options, chooseDate, date, problem, ends, messages } = picker
  const id = useId()
  const content = (
    <>
      <legend className="rsk-expiry-legend">{label ?? messages.expiry}</legend>
      <div className="rsk-expiry-options">
        {options.map((option) => (
          <Choice key={option.seconds} name={id} label={option.label} checked={option.isChecked} onChoose={option.choose} />
        ))}
        <Choice name={id} label={messages.expiryDate} checked={mode === 'date'} onChoose={chooseDate} />
      </div>
      {mode === 'date' && (
        <div className="rsk-expiry-date">
          <label className="rsk-expiry-label" htmlFor={`${id}date`}>
            {messages.expiryDateLabel}
          </label>
          <input
            className="rsk-expiry-input"
            id={`${id}date`}
            type="datetime-local"
            value={date.value}
            min={date.min}
            max={date.max}
            required
            aria-invalid={problem !== undefined || undefined}
            aria-describedby={problem === undefined ? undefined : `${id}problem`}
            onChange={(event) => date.onChange(event.currentTarget.value)}
          />
          {problem !== undefined && (
            <p className="rsk-expiry-problem" id={`${id}problem`} role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
      <p className="rsk-expiry-ends" role="status">
        {ends !== undefined && messages.expiryEnds(ends)}
      </p>
    </>
  )
  const invalid = problem !== undefined
  return usePart('fieldset', {
    state: { mode, invalid },
    ref,
    own: { className: 'rsk-expiry', lang: messages.locale, dir: messages.direction, [data.mode]: mode, [data.invalid]: invalid ? '' : undefined, children: content },
    given,
  })
})

function Choice({ name, label, checked, onChoose }: { name: string; label: string; checked: boolean; onChoose: () => void }): ReactElement {
  return (
    <label className="rsk-expiry-option">
      <input className="rsk-expiry-radio" type="radio" name={name} checked={checked} onChange={onChoose} />
      <span>{label}</span>
    </label>
  )
}
