import { useEffect } from 'react'
import type { Activity } from './useActivities.js'

/** Good news goes by itself; a refusal stays until it is read. */
const goodNewsMs = 8_000

/** The newest outcome. It has its own place, stays on the screen, and there is nothing that could cover it. */
export function OutcomeBar({ latest, pending, onDismiss }: { latest: Activity | undefined; pending: readonly Activity[]; onDismiss: () => void }) {
  const outcome = latest?.outcome
  const passing = outcome?.ok ? outcome.order : undefined
  useEffect(() => {
    if (passing === undefined) return
    const timer = setTimeout(onDismiss, goodNewsMs)
    return () => clearTimeout(timer)
  }, [passing, onDismiss])

  return (
    <section className="outcome-place" data-empty={!outcome} aria-label="What happened last">
      <p className="pending" role="status" data-testid="pending">
        {pending.length > 0 && (
          <>
            <span className="spinner" aria-hidden="true" />
            {pending.length === 1 ? `${pending[0]?.label}…` : `${pending.length} under way…`}
          </>
        )}
      </p>
      {!outcome && <p className="outcome quiet">What you do next is told here.</p>}
      {outcome?.ok && (
        <div key={outcome.order} className="outcome" data-kind="done" role="status" data-testid="outcome">
          <p>{outcome.text}</p>
          <Dismiss onDismiss={onDismiss} />
        </div>
      )}
      {outcome?.ok === false && (
        <div key={outcome.order} className="outcome" data-kind="refused" role="alert" data-testid="outcome">
          <div>
            <p>{outcome.refusal.text}</p>
            <p className="outcome-source">
              {outcome.refusal.by ? `Refused by ${outcome.refusal.by}` : 'Did not work'} · {latest?.label} · <code>{outcome.refusal.name}</code>
            </p>
          </div>
          <Dismiss onDismiss={onDismiss} />
        </div>
      )}
    </section>
  )
}

function Dismiss({ onDismiss }: { onDismiss: () => void }) {
  return (
    <button type="button" className="dismiss" aria-label="Dismiss this message" onClick={onDismiss}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="1.600" strokeLinecap="round" />
      </svg>
    </button>
  )
}
