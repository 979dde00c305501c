import type { ReactElement, ReactNode } from 'react'
import { useConnect, useConnection, useConnectors, useReadContract } from 'wagmi'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import * as format from '../../demo/format.js'
import type { SessionDefinition } from '../../src/index.js'
import { PermissionConsentDialog } from '../../src/ui/permission-consent/PermissionConsentDialog.js'
import { gold } from './contracts.js'
import './forge.css'
import { SessionPanel } from './SessionPanel.js'
import type { Outcome } from './useOutcome.js'

export type ForgeProps = {
  intro: string
  session: SessionDefinition
  /** What is sold here. */
  counter: string
  outcome: Outcome | undefined
  busy: boolean
  children: ReactNode
}

/** The shop's front: who is in it, what the session may do, what is sold, and what happened last. */
export function Forge({ intro, session, counter, outcome, busy, children }: ForgeProps): ReactElement {
  return (
    <main className="forge">
      <header className="forge-top">
        <h1>The Forge</h1>
        <Purse />
      </header>
      <p className="forge-intro">{intro}</p>
      <div className="forge-columns">
        <SessionPanel session={session} />
        <section className="forge-part" aria-labelledby="forge-counter">
          <h2 id="forge-counter">{counter}</h2>
          <div className="forge-card">{children}</div>
          <Told outcome={outcome} busy={busy} />
        </section>
      </div>
      <PermissionConsentDialog />
    </main>
  )
}

function Told({ outcome, busy }: Pick<ForgeProps, 'outcome' | 'busy'>): ReactElement {
  const settled = busy ? undefined : outcome
  return (
    <div className="forge-card forge-told" data-kind={settled?.kind}>
      <p role="status">{busy ? 'Working…' : settled?.kind === 'done' ? settled.text : ''}</p>
      {settled?.kind === 'refused' && (
        <div role="alert">
          <p>{settled.text}</p>
          <p className="forge-quiet">{settled.by}</p>
        </div>
      )}
      {!busy && !settled && <p className="forge-quiet">What you do next is told here.</p>}
    </div>
  )
}

function Purse(): ReactElement {
  const { address, status } = useConnection()
  const [connector] = useConnectors()
  const { mutate: connect, isPending } = useConnect()
  const balance = useReadContract({ address: gold, abi: goldAbi, functionName: 'balanceOf', args: address && [address], query: { enabled: address !== undefined } })
  if (!address) {
    return (
      <button type="button" className="forge-button forge-button-primary" disabled={isPending || status === 'connecting'} onClick={() => connector && connect({ connector })}>
        Connect wallet
      </button>
    )
  }
  return (
    <dl className="forge-purse" aria-label="Your wallet">
      <div>
        <dt>Player</dt>
        <dd title={address}>{format.short(address)}</dd>
      </div>
      <div>
        <dt>Balance</dt>
        <dd>{balance.data === undefined ? '…' : format.gold(balance.data)}</dd>
      </div>
    </dl>
  )
}
