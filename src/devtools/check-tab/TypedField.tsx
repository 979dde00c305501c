'use client'
import { useId, type ReactElement } from 'react'

type TypedFieldProps = { label: string; value: string; onChange: (value: string) => void; placeholder?: string; problem?: string | undefined; wide?: boolean }

export function TypedField({ label, value, onChange, placeholder, problem, wide }: TypedFieldProps): ReactElement {
  const problemId = useId()
  return (
    <div className={wide ? 'rsk-devtools-field rsk-devtools-wide' : 'rsk-devtools-field'}>
      <label className="rsk-devtools-field">
        <span className="rsk-devtools-label">{label}</span>
        <input
          className="rsk-devtools-input"
          value={value}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="ltr"
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={problem === undefined ? undefined : problemId}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </label>
      {problem !== undefined && (
        <p className="rsk-devtools-problem" id={problemId} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
