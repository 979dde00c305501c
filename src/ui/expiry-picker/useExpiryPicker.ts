'use client'
import { useState, useSyncExternalStore } from 'react'
import { describeExpiry } from '../../permissions/describe.js'
import { expiresIn, type Duration } from '../../permissions/expiry.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'
import { fromLocalInput, toLocalInput } from './localInput.js'

export type Expiry = Duration | UnixSeconds

export type UseExpiryPickerParameters = {
  /** What is chosen; left out, the picker keeps it. A duration, or absolute unix seconds. */
  value?: Expiry | undefined
  /** What is chosen at first. Default: the longest. */
  defaultValue?: Expiry | undefined
  /** The latest that can be chosen. */
  max: Expiry
  /** The shortest, in seconds. Default 300. */
  minSeconds?: number | undefined
  /** Lengths to choose from; those beyond `max` are left out, and `max` itself is added. Default: an hour, a day, a week, thirty days. */
  durations?: readonly Duration[] | undefined
  /** Called with what can be taken, and never with anything later than `max`. */
  onValueChange?: ((value: Expiry, details: { reason: 'duration' | 'date' }) => void) | undefined
  /** The chain's time. Default: this device's. */
  now?: UnixSeconds | undefined
  locale?: string | undefined
  messages?: Partial<UiMessages> | undefined
}

export type UseExpiryPickerReturnType = {
  mode: 'duration' | 'date'
  options: readonly { seconds: number; label: string; isChecked: boolean; choose: () => void }[]
  chooseDate: () => void
  /** For `<input type="datetime-local">`. */
  date: { value: string; min: string | undefined; max: string | undefined; onChange: (text: string) => void }
  /** Why the date is not taken, in words. */
  problem: string | undefined
  /** When that is: `Wed 25 Nov, 18:00 CET (in 3 days)`; undefined on a server. */
  ends: string | undefined
  messages: UiMessages
}

const defaultDurations = [expiresIn({ hours: 1 }), expiresIn({ days: 1 }), expiresIn({ days: 7 }), expiresIn({ days: 30 })]

/** Choosing how long a session may last, never beyond a maximum, for inputs of your own. */
export function useExpiryPicker(parameters: UseExpiryPickerParameters): UseExpiryPickerReturnType {
  const { max, minSeconds = 300, durations = defaultDurations, onValueChange, value } = parameters
  const messages = useMessages(parameters.messages)
  const locale = parameters.locale ?? messages.locale
  const minute = useSyncExternalStore(never, thisMinute, nothing)
  const now = parameters.now ?? minute
  const [own, setOwn] = useState<Expiry>(parameters.defaultValue ?? max)
  // What is being typed, which may not be a date yet.
  const [typed, setTyped] = useState<string>()
  const chosen = value ?? own
  const mode = typed !== undefined || typeof chosen === 'number' ? 'date' : 'duration'
  const latest = typeof max === 'number' ? max : now === undefined ? undefined : now + max.seconds
  const earliest = now === undefined ? undefined : now + minSeconds
  const text = typed ?? (typeof chosen === 'number' ? toLocalInput(chosen) : '')
  const date = fromLocalInput(text)
  const end = mode === 'date' ? date : now === undefined ? undefined : now + (chosen as Duration).seconds
  const words = { locale, messages }

  function choose(next: Expiry, reason: 'duration' | 'date') {
    setOwn(next)
    onValueChange?.(next, { reason })
  }

  const lengths = [...new Set([...durations.map(({ seconds }) => seconds).filter((seconds) => isWithin(seconds, max, now)), ...(typeof max === 'number' ? [] : [max.seconds])])]
  const problem =
    mode === 'duration' || latest === undefined || earliest === undefined || now === undefined
      ? undefined
      : date === undefined
        ? messages.expiryMissing
        : date > latest
          ? messages.expiryTooLate(describeExpiry(latest, now, words).absolute)
          : date < earliest
            ? messages.expiryTooSoon(describeExpiry(earliest, now, words).absolute)
            : undefined
  return {
    mode,
    options: lengths
      .sort((a, b) => a - b)
      .map((seconds) => ({
        seconds,
        label: durationText(seconds, locale),
        isChecked: mode === 'duration' && typeof chosen === 'object' && chosen.seconds === seconds,
        choose() {
          setTyped(undefined)
          choose(expiresIn({ seconds }), 'duration')
        },
      })),
    chooseDate() {
      if (latest === undefined || end === undefined) return
      const whole = Math.floor(Math.min(end, latest) / 60) * 60
      setTyped(toLocalInput(whole))
      choose(whole, 'date')
    },
    date: {
      value: text,
      min: earliest === undefined ? undefined : toLocalInput(Math.ceil(earliest / 60) * 60),
      max: latest === undefined ? undefined : toLocalInput(latest),
      onChange(next) {
        setTyped(next)
        const moment = fromLocalInput(next)
        if (moment !== undefined && latest !== undefined && earliest !== undefined && moment <= latest && moment >= earliest) choose(moment, 'date')
      },
    },
    problem,
    ends: end === undefined || now === undefined || problem !== undefined ? undefined : messages.endsAt(describeExpiry(end, now, words)),
    messages,
  }
}

function isWithin(seconds: number, max: Expiry, now: UnixSeconds | undefined): boolean {
  if (typeof max !== 'number') return seconds <= max.seconds
  return now !== undefined && now + seconds <= max
}

const durationUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** `3 days`, `1 day, 6 hours` */
function durationText(seconds: number, locale: string): string {
  let rest = seconds
  const parts = durationUnits.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size)
    rest -= count * size
    return count > 0 ? [new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', numberingSystem: 'latn' }).format(count)] : []
  })
  return new Intl.ListFormat(locale, { type: 'unit' }).format(parts)
}

/** The time matters when something is chosen, and then it is read. */
const never = () => () => undefined
const thisMinute = () => Math.floor(Date.now() / 60_000) * 60
const nothing = () => undefined
