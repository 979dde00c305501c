'use client'
import { useState, type ReactElement } from 'react'
import type { WalletExchange } from '../../dialects/observeWallet.js'
import { useDevtools } from '../DevtoolsContext.js'
import { useEvents } from '../events/useEventLog.js'
import { clockTime } from '../parts/clockTime.js'
import { JsonText } from '../parts/JsonText.js'

/** What the wallet was asked and what it said, newest first. */
export function WireTab(): ReactElement {
  const exchanges = useEvents(useDevtools().log).flatMap((event) => (event.kind === 'wallet' ? [event] : []))
  if (exchanges.length === 0) return <p className="rsk-devtools-empty">Nothing was sent to a wallet since these tools are on the page.</p>
  return (
    <>
      <p className="rsk-devtools-note">Contexts, signatures, keys and whatever could be one are left out, and so are the paths of URLs.</p>
      <ol className="rsk-devtools-list" role="list" aria-label="Requests to the wallet, newest first">
        {exchanges.reverse().map((exchange) => (
          <Exchange key={exchange.id} exchange={exchange} />
        ))}
      </ol>
    </>
  )
}

function Exchange({ exchange }: { exchange: WalletExchange }): ReactElement {
  const { timeZone } = useDevtools()
  const [open, setOpen] = useState(false)
  const { method, at, params } = exchange
  return (
    <li className="rsk-devtools-item" data-state={exchange.state}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="rsk-devtools-summary">
          <span className="rsk-devtools-pill" data-state={exchange.state}>
            {outcomeOf(exchange)}
          </span>
          <bdi className="rsk-devtools-method" dir="ltr">
            {method}
          </bdi>
          <span className="rsk-devtools-data">{exchange.state === 'pending' ? '…' : durationText(exchange.durationMs)}</span>
          <time className="rsk-devtools-data rsk-devtools-end" dateTime={new Date(at).toISOString()}>
            {clockTime(at, timeZone)}
          </time>
        </summary>
        {open && (
          <div className="rsk-devtools-details">
            <JsonText label="Request" value={params} />
            {exchange.state === 'answered' && <JsonText label="Answer" value={exchange.answer} />}
            {exchange.state === 'failed' && <JsonText label="Error" value={exchange.error} />}
          </div>
        )}
      </details>
    </li>
  )
}

function outcomeOf(exchange: WalletExchange): string {
  if (exchange.state !== 'failed') return exchange.state
  const { code } = exchange.error
  return code === undefined ? 'failed' : `failed ${code}`
}

function durationText(ms: number): string {
  return ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`
}
