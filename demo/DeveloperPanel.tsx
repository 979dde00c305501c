import { useSyncExternalStore } from 'react'
import * as format from './format.js'
import source from './shop.ts?raw'
import rules from './steward.ts?raw'
import terms from './stewardTerms.ts?raw'
import type { Activity } from './useActivities.js'
import type { Exchange, WireLog } from './wireLog.js'

/** The same story, as the wire and the chain have it. */
export function DeveloperPanel({ wireLog, activities }: { wireLog: WireLog; activities: readonly Activity[] }) {
  const exchanges = useSyncExternalStore(wireLog.subscribe, wireLog.getSnapshot)
  const actions = activities.filter(({ calls }) => calls !== undefined)
  return (
    <section className="developers" aria-labelledby="developers-title">
      <h2 id="developers-title">For developers</h2>

      <h3>Each action’s transaction</h3>
      {actions.length === 0 && <p className="quiet">Nothing was sent yet.</p>}
      <ol className="actions" reversed aria-label="Actions">
        {actions.map((action) => (
          <li key={action.id} className="action">
            <ActionLine action={action} />
          </li>
        ))}
      </ol>

      <h3>What went over the wallet’s EIP-1193 provider</h3>
      {exchanges.length === 0 && <p className="quiet">Nothing since this page was loaded.</p>}
      <ol className="exchanges" aria-label="Exchanges with the wallet">
        {exchanges.map((exchange) => (
          <li key={exchange.id}>
            <ExchangeDetails exchange={exchange} />
          </li>
        ))}
      </ol>

      <h3>What the app’s author wrote</h3>
      {[
        { file: 'demo/shop.ts', text: source },
        { file: 'demo/stewardTerms.ts', text: terms },
        { file: 'demo/steward.ts', text: rules },
      ].map(({ file, text }) => (
        <details key={file} className="exchange" open={file === 'demo/shop.ts'}>
          <summary>{file}</summary>
          <pre className="code" tabIndex={0} aria-label={file}>
            {text.trim()}
          </pre>
        </details>
      ))}
    </section>
  )
}

function ActionLine({ action: { label, calls = 1, outcome } }: { action: Activity }) {
  const what = `${label} · ${format.plural(calls, 'call')}`
  if (!outcome) return <span>{what} · under way…</span>
  if (!outcome.ok) {
    return (
      <span>
        {what} · <em>refused{outcome.refusal.by ? ` by ${outcome.refusal.by}` : ''}</em> · <code>{outcome.refusal.name}</code>
      </span>
    )
  }
  return (
    <span>
      {what}
      {outcome.transaction && (
        <>
          {' '}
          · block {String(outcome.transaction.blockNumber)} · {outcome.transaction.gasUsed.toLocaleString('en-GB')} gas paid by the relay
          <code className="hash">{outcome.transaction.hash}</code>
        </>
      )}
    </span>
  )
}

function ExchangeDetails({ exchange: { method, request, answer } }: { exchange: Exchange }) {
  return (
    <details className="exchange">
      <summary>
        <code>{method}</code>
        <span className="badge" data-status={answer ? (answer.ok ? 'active' : 'refused') : 'requested'}>
          {answer ? (answer.ok ? `answered in ${answer.afterMs} ms` : 'refused') : 'waiting'}
        </span>
      </summary>
      <h4>Request</h4>
      <pre className="code" tabIndex={0} aria-label={`Request ${method}`}>
        {request}
      </pre>
      {answer && (
        <>
          <h4>{answer.ok ? 'Response' : 'Error'}</h4>
          <pre className="code" tabIndex={0} aria-label={`${answer.ok ? 'Response to' : 'Error of'} ${method}`}>
            {answer.text}
          </pre>
        </>
      )}
    </details>
  )
}
