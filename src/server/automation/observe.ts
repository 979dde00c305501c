import type { RunKey } from './jobId.js'
import type { Run } from './run.js'

/** In the words of OpenTelemetry's attributes. */
export type RunAttributes = Record<string, string | number | boolean>

/** For a tracer and meters of your own; nothing is sent anywhere otherwise. */
export type AutomationObserver = {
  /**
   * Stands around each try; resolves with what `work` does. `tracer.startActiveSpan('session_keys.run', { attributes }, work)` fits in.
   */
  run?: (<result>(attributes: RunAttributes, work: () => Promise<result>) => Promise<result>) | undefined
  /** After each try, with what the run is by then: `due` where it is tried again. */
  onRun?: ((run: Run) => void) | undefined
  /** After each look at the clock. */
  onTick?: ((tick: { now: number; queued: number; ms: number }) => void) | undefined
}

export type AutomationErrorContext = Partial<RunKey>

export function runAttributes({ rule, session, period }: RunKey, { attempt, chainId }: { attempt: number; chainId: number }): RunAttributes {
  return {
    'session_keys.rule': rule,
    'session_keys.session': session,
    'session_keys.period': period,
    'session_keys.attempt': attempt,
    'session_keys.chain_id': chainId,
  }
}
