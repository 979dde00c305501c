import type { ReactNode } from 'react'

/** How much of a limit is left, as the chain has it. `value` undefined: not read yet. */
export function Meter({ label, text, value, max }: { label: string; text: ReactNode; value: number | undefined; max: number }) {
  const id = `meter-${label.replace(/\W+/g, '-').toLowerCase()}`
  const share = value === undefined ? 0 : Math.max(0, Math.min(1, value / max))
  return (
    <div className="meter">
      <div className="meter-line">
        <span id={id}>{label}</span>
        <strong>{text}</strong>
      </div>
      <div
        className="meter-bar"
        role="meter"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={max}
        aria-valuenow={value ?? 0}
        aria-valuetext={value === undefined ? 'not read yet' : `${value} of ${max} left`}
      >
        <span className="meter-fill" style={{ inlineSize: `${share * 100}%` }} data-state={share === 0 ? 'exhausted' : share <= 0.2 ? 'near' : 'within'} />
      </div>
    </div>
  )
}
