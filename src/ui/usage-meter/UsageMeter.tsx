'use client'
import { createContext, forwardRef, useContext, type ForwardedRef, type ReactElement } from 'react'
import { usePart, type PartProps } from '../parts/part.js'
import { UsageMeterCssVars as cssVars } from './UsageMeterCssVars.js'
import { UsageMeterDataAttributes as data } from './UsageMeterDataAttributes.js'
import type { UsageMeterState } from './describeUsage.js'
import { useUsageMeter, type UseUsageMeterParameters, type UseUsageMeterReturnType } from './useUsageMeter.js'

/** What `className`, `style` and `render` of each part are told. */
export type UsageMeterPartState = { state: UsageMeterState; unlimited: boolean; leftShare: number | undefined }

export type UsageMeterProps = UseUsageMeterParameters & Omit<PartProps<'div', UsageMeterPartState>, 'role'>

const UsageMeterContext = createContext<UseUsageMeterReturnType | undefined>(undefined)

/**
 * How much of one limit is left, from the chain. Without children it has all of its parts: UsageMeterValue, UsageMeterNote,
 * UsageMeterTrack, UsageMeterAsOf.
 */
export const UsageMeter = forwardRef(function UsageMeter(
  { permission, usage, asOf, reading, metadata, nativeCurrency, locale, timeZone, now, expiry, among, messages, children, ...given }: UsageMeterProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const meter = useUsageMeter({ permission, usage, asOf, reading, metadata, nativeCurrency, locale, timeZone, now, expiry, among, messages })
  const content = children ?? (
    <>
      <div className="rsk-meter-line">
        <UsageMeterValue />
        <UsageMeterNote />
      </div>
      <UsageMeterTrack />
      <UsageMeterAsOf />
    </>
  )
  const element = usePart('div', {
    state: stateOf(meter),
    ref,
    own: { className: 'rsk-meter', ...meter.meterProps, ...dataOf(meter), children: content },
    given,
  })
  return <UsageMeterContext.Provider value={meter}>{element}</UsageMeterContext.Provider>
})

export type UsageMeterPartProps = PartProps<'div', UsageMeterPartState>

/** `600 GOLD left of 1000 GOLD` */
export const UsageMeterValue = forwardRef(function UsageMeterValue(given: UsageMeterPartProps, ref: ForwardedRef<HTMLDivElement>): ReactElement {
  const meter = useMeter()
  return usePart('div', { state: stateOf(meter), ref, own: { className: 'rsk-meter-value', ...dataOf(meter), children: meter.text }, given })
})

/** When it begins anew, starts, or how it grows; nothing where nothing of the kind is to be said. */
export const UsageMeterNote = forwardRef(function UsageMeterNote(given: UsageMeterPartProps, ref: ForwardedRef<HTMLDivElement>): ReactElement | null {
  const meter = useMeter()
  const element = usePart('div', { state: stateOf(meter), ref, own: { className: 'rsk-meter-note', ...dataOf(meter), children: meter.note }, given })
  return meter.note === undefined ? null : element
})

/** The bar. Nothing where there is no number. */
export const UsageMeterTrack = forwardRef(function UsageMeterTrack(given: UsageMeterPartProps, ref: ForwardedRef<HTMLDivElement>): ReactElement | null {
  const meter = useMeter()
  const own = {
    className: 'rsk-meter-track',
    ...dataOf(meter),
    style: { [cssVars.left]: meter.leftShare ?? 0 },
    children: <span className="rsk-meter-fill" {...dataOf(meter)} />,
  }
  const element = usePart('div', { state: stateOf(meter), ref, own, given })
  return meter.leftShare === undefined ? null : element
})

/** Which block says so: `as of Thu 17:58`. */
export const UsageMeterAsOf = forwardRef(function UsageMeterAsOf(given: UsageMeterPartProps, ref: ForwardedRef<HTMLDivElement>): ReactElement | null {
  const meter = useMeter()
  const element = usePart('div', { state: stateOf(meter), ref, own: { className: 'rsk-meter-as-of', ...dataOf(meter), children: meter.asOf }, given })
  return meter.asOf === undefined ? null : element
})

function useMeter(): UseUsageMeterReturnType {
  const meter = useContext(UsageMeterContext)
  if (!meter) throw new Error('This part stands outside of a UsageMeter. Put it inside: <UsageMeter>…</UsageMeter>.')
  return meter
}

function stateOf({ state, unlimited, leftShare }: UseUsageMeterReturnType): UsageMeterPartState {
  return { state, unlimited, leftShare }
}

function dataOf({ state, unlimited }: UseUsageMeterReturnType) {
  return { [data.state]: state, [data.unlimited]: unlimited ? '' : undefined }
}
