'use client'
import { useCallback, useSyncExternalStore, type ReactElement } from 'react'
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
  const now = useCallback(() => chainNow(config.sessions.chainAhead, chainId), [config, chainId])
  const subscribe = useCallback(
    (changed: () => void) => {
      let timer: ReturnType<typeof setTimeout>
      const look = () => {
        timer = setTimeout(() => {
          changed()
          look()
        }, secondsOfSameText(format, now()) * 1000)
      }
      look()
      // The chain's clock is read anew from time to time.
      const stop = config.sessions.watch(changed)
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
    [config, format, now],
  )
  const text = useSyncExternalStore(
    subscribe,
    () => format(now()),
    () => '',
  )
  return (
    <time className="rsk-time" dateTime={new Date(moment * 1000).toISOString()}>
      {text}
    </time>
  )
}

/** What the chain's clock shows by now; where it has never been read, this device's. */
export function chainNow(ahead: (chainId: number) => number | undefined, chainId: number | undefined): UnixSeconds {
  return Math.floor(Date.now() / 1000) + ((chainId === undefined ? undefined : ahead(chainId)) ?? 0)
}

function secondsOfSameText(format: (now: UnixSeconds) => string, now: UnixSeconds): number {
  const text = format(now)
  return waits.find((seconds) => format(now + seconds) === text) ?? 1
}
