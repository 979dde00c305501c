import { useQueryClient } from '@tanstack/react-query'
import { useSendSessionCalls } from 'react-session-keys'
import { useEffect, useMemo, useState } from 'react'
import type { Address } from 'viem'
import { useBlockNumber, useClient, useReadContract } from 'wagmi'
import { BreakIt } from './BreakIt.js'
import { goldAbi } from './contracts/artifacts.js'
import type { DemoInfo } from './demoInfo.js'
import { DeveloperPanel } from './DeveloperPanel.js'
import * as format from './format.js'
import { OutcomeBar } from './OutcomeBar.js'
import { SessionPanel } from './SessionPanel.js'
import { Shop } from './Shop.js'
import { Steward } from './Steward.js'
import { shoppingSession } from './shop.js'
import { useActivities } from './useActivities.js'
import type { WireLog } from './wireLog.js'
import type { Send } from './send.js'

export function App({ info, player, wireLog }: { info: DemoInfo; player: Address; wireLog: WireLog }) {
  const session = useMemo(() => shoppingSession(info), [info])
  const { activities, latest, pending, run, dismiss } = useActivities()
  const { mutateAsync: sendCalls } = useSendSessionCalls({ session })
  const [pastCheck, setPastCheck] = useState(false)
  const client = useClient()
  useFreshReads()

  const send: Send = (label, calls, said) =>
    void run({ label, calls: calls.length }, async () => {
      const { transactionHash: hash, receipt } = await sendCalls({ calls: calls as [], skipCheck: pastCheck })
      return { text: said, transaction: { hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed } }
    })

  return (
    <>
      <header className="top">
        <p className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 4l3.500 4.500v11h-7v-11zM9 20.500h14v2.500H9zM14.500 23.500h3V28h-3z" fill="currentColor" />
          </svg>
          The Forge
        </p>
        <Purse player={player} gold={info.gold} />
      </header>

      <main>
        <div className="intro">
          <h1>Say yes once, then just play</h1>
          <p>
            A shop on a chain of its own. Its session may mint swords and spend some of your GOLD for three days, and nothing else: the
            chain sees to that.
          </p>
        </div>
        <div className="columns">
          <SessionPanel player={player} session={session} run={run} />
          <Shop info={info} player={player} session={session} send={send} pastCheck={pastCheck} run={run} />
        </div>
        <OutcomeBar latest={latest} pending={pending} onDismiss={dismiss} />
        <Steward info={info} player={player} run={run} />
        <BreakIt
          info={info}
          session={session}
          send={send}
          run={run}
          pastCheck={pastCheck}
          onPastCheck={setPastCheck}
          chainRequest={async (method, params) => client?.request({ method, params } as never)}
        />
      </main>

      <DeveloperPanel wireLog={wireLog} activities={activities} />
    </>
  )
}

function Purse({ player, gold }: { player: Address; gold: Address }) {
  const balance = useReadContract({ address: gold, abi: goldAbi, functionName: 'balanceOf', args: [player] })
  return (
    <dl className="purse" aria-label="Your wallet">
      <div>
        <dt>Player</dt>
        <dd>
          <code title={player}>{format.short(player)}</code>
        </dd>
      </div>
      <div>
        <dt>Balance</dt>
        <dd>{balance.data === undefined ? '…' : format.gold(balance.data)}</dd>
      </div>
    </dl>
  )
}

/** What no block changes. */
const once = new Set<unknown>(['blockNumber', 'faucet', 'signIn'])

/** Everything on the page is read from the chain; each new block may have changed it, in this tab or another. */
function useFreshReads() {
  const queries = useQueryClient()
  const { data: block } = useBlockNumber({ watch: true })
  useEffect(() => {
    if (block === undefined) return
    void queries.invalidateQueries({ predicate: ({ queryKey: [name] }) => !once.has(name) })
  }, [queries, block])
}
