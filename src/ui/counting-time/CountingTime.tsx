'use client'
import { useMemo, useSyncExternalStore, type ReactElement } from 'react'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { useSessionKeyConfig, type ConfigParameter } from '../../react/useSessionKeyConfig.js'

export type CountingTimeProps = ConfigParameter & {
  moment: UnixSeconds
  /** By whose clock. Left out: this device's. */
  chainId?: number | undefined
  /** The text at a moment; it may change by itself. */
  format: (now: UnixSeconds) => string
}

/** How long a text may stay unlooked at, in seconds, the longest first. */
const waits = [86_400, 21_600, 3_600, 600, 60, 10, 1] as const

/**
 * A text that counts down. It re-renders itself alone, and only when it reads differently; in between it looks at the clock as seldom as
 * its text allows: "in 3 days" a few times a day.
 */
export function CountingTime({ config: given, moment, chainId, format }: CountingTimeProps): ReactElement {
  const config = useSessionKeyConfig({ config: given })
  const clock = useMemo(() => countingText(config, { chainId, format }), [config, chainId, format])
  const text = useSyncExternalStore(clock.watch, clock.text, () => '')
  return (
    <time className="rsk-time" dateTime={new Date(moment * 1000).toISOString()}>
      {text}
    </time>
  )
}

/** The text stays the same from one look to the next: React reads it twice, and a second may end in between. */
function countingText({ sessions }: SessionKeyConfig, { chainId, format }: Pick<CountingTimeProps, 'chainId' | 'format'>) {
  const now = () => chainNow(sessions.chainAhead, chainId)
  let text: string | undefined
  return {
    text: () => (text ??= format(now())),
    watch(changed: () => void) {
      let timer: ReturnType<typeof setTimeout>
      const look = () => {
        text = format(now())
        changed()
      }
      const count = () => {
        timer = setTimeout(() => {
          look()
          count()
        }, secondsOfSameText(format, now()) * 1000)
      }
      look()
      count()
      // The chain's clock is read anew from time to time.
      const stop = sessions.watch(look)
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
  }
}

/** What the chain's clock shows by now; where it has never been read, this device's. */
export function chainNow(ahead: (chainId: number) => number | undefined, chainId: number | undefined): UnixSeconds {
  return Math.floor(Date.now() / 1000) + ((chainId === undefined ? undefined : ahead(chainId)) ?? 0)
}

function secondsOfSameText(format: (now: UnixSeconds) => string, now: UnixSeconds): number {
  const text = format(now)
  return waits.find((seconds) => format(now + seconds) === text) ?? 1
}
