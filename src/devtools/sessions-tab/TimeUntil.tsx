'use client'
import { useCallback, type ReactElement } from 'react'
import { describeExpiry } from '../../permissions/describeMoment.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { CountingTime } from '../../ui/counting-time/CountingTime.js'
import { useDevtools } from '../DevtoolsContext.js'

/** `in 3 days`, by the chain's clock as far as it is known. */
export function TimeUntil({ moment, chainId }: { moment: UnixSeconds; chainId: number }): ReactElement {
  const { config } = useDevtools()
  const format = useCallback((now: UnixSeconds) => describeExpiry(moment, now).relative, [moment])
  return <CountingTime config={config} moment={moment} chainId={chainId} format={format} />
}
