import type { UnixSeconds } from '../../permissions/permission.js'
import type { ConditionRule } from './condition.js'

/** What a condition remembers from one look to the next. */
export type ConditionState = {
  /** How often it has fired: the last firing's number. */
  firings: number
  /** Of an `edge`: it was false since the last firing, or there was none. */
  isArmed: boolean
  /** Since when it has been seen true, look after look. */
  trueSince?: UnixSeconds | undefined
  firedAt?: UnixSeconds | undefined
}

export const newConditionState: ConditionState = { firings: 0, isArmed: true }

export type Look = {
  isTrue: boolean
  /** The last firing is not decided yet. */
  isOpen: boolean
  now: UnixSeconds
}

/** What a look makes of it. `fires`: a run, with the number of `firings`, is to be written down together with the state. Pure. */
export function afterLook(
  { trigger, debounceSeconds, cooldownSeconds }: Pick<ConditionRule, 'trigger' | 'debounceSeconds' | 'cooldownSeconds'>,
  state: ConditionState,
  { isTrue, isOpen, now }: Look,
): { state: ConditionState; fires: boolean } {
  const { firings, firedAt } = state
  if (!isTrue) return { state: { firings, firedAt, isArmed: true }, fires: false }
  const trueSince = state.trueSince ?? now
  const isReady = trigger === 'edge' ? state.isArmed : firedAt === undefined || now - firedAt >= cooldownSeconds
  if (isOpen || !isReady || now - trueSince < debounceSeconds) return { state: { ...state, trueSince }, fires: false }
  return { state: { firings: firings + 1, isArmed: false, trueSince, firedAt: now }, fires: true }
}
