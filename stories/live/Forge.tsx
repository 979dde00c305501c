import type { ReactElement, ReactNode } from 'react'
import { useConnect, useConnection, useConnectors, useReadContract } from 'wagmi'
import { goldAbi } from '../../demo/contracts/artifacts.js'
import * as format from '../../demo/format.js'
import { gold } from './contracts.js'
import './forge.css'
import type { Outcome } from './useOutcome.js'

/** The shop's front: whose it is, who is in it, and what happened last. */
export function Forge({ outcome, busy, intro, children }: { outcome: Outcome | undefined; busy: boolean; intro: string; children: ReactNode }): ReactElement {
  return (
    <main className="forge">
      <header className="forge-top">
        <h1>The Forge</h1>
        <Purse />
      </header>
      <p className="forge-intro">{intro}</p>
      {children}
      <div className="forge-outcome" data-kind={outcome?.kind}>
        <p role="status">{busy ? 'Working…' : outcome?.kind === 'done' ? outcome.text : ''}</p>
        {!busy && outcome?.kind === 'refused' && (
          <div role="alert">
            <p>{outcome.text}</p>
            <p className="forge-quiet">{outcome.by}</p>
          </div>
        )}
        {!busy && !outcome && <p className="forge-quiet">What you do next is told here.</p>}
      </div>
    </main>
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
