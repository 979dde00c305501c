import { useServerSession, type SessionDefinition } from 'react-session-keys'
import { SessionKeyCard } from 'react-session-keys/ui'
import { useMemo } from 'react'
import type { Address } from 'viem'
import { useBlock } from 'wagmi'
import type { DemoInfo } from './demoInfo.js'
import * as format from './format.js'
import { getJson } from './getJson.js'
import { repairSession, subscriptionSession } from './stewardTerms.js'
import type { Run } from './useActivities.js'
import { useSignIn } from './useSignIn.js'

/** What the shop's server does for the player while nobody looks. Each has a session of its own, which the player ends here. */
export function Steward({ info, player, run }: { info: DemoInfo; player: Address; run: Run }) {
  const subscription = useMemo(() => subscriptionSession(info), [info])
  const repairs = useMemo(() => repairSession(info), [info])
  const isSignedIn = useSignIn({ info, player })
  return (
    <section className="card steward" aria-labelledby="steward-title">
      <h2 id="steward-title">While you are away</h2>
      <p className="quiet">The shop’s server acts with keys of its own. What you allow it is as narrow as above, and you see here what it did.</p>
      <div className="stewards">
        <ServerSession
          title="Subscription"
          detail="20 GOLD a day to the shop, for 60 days at most. Cancel whenever you like."
          action="Subscribe"
          done="Subscribed: the first day is charged now, and every day from now on."
          session={subscription}
          isSignedIn={isSignedIn}
          run={run}
        />
        <ServerSession
          title="Repair bot"
          detail="Watches your swords and repairs those that are worn below 50 %, for 5 GOLD each and 25 GOLD a day at most."
          action="Let the bot repair"
          done="The bot watches your swords."
          session={repairs}
          isSignedIn={isSignedIn}
          run={run}
        />
      </div>
      <Time isSignedIn={isSignedIn} run={run} />
    </section>
  )
}

type ServerSessionProps = { title: string; detail: string; action: string; done: string; session: SessionDefinition; isSignedIn: boolean; run: Run }

function ServerSession({ title, detail, action, done, session, isSignedIn, run }: ServerSessionProps) {
  const { status, session: stored, mutateAsync, isPending } = useServerSession({ endpoint: '/api/enrolment', session, query: { enabled: isSignedIn } })
  const live = status === 'active' || status === 'exhausted' || status === 'revoking'
  const isOpening = !isSignedIn || status === 'hydrating'
  const start = () =>
    void run({ label: action }, async () => {
      await mutateAsync()
      return { text: done }
    })
  return (
    <div className="steward-session">
      <h3>{title}</h3>
      <p className="quiet">{detail}</p>
      {stored && isSignedIn && <SessionKeyCard session={session} server="/api/status" />}
      {!live && (
        <button type="button" className="button button-gold button-wide" aria-disabled={isOpening || undefined} onClick={isOpening ? undefined : start}>
          {isOpening ? 'The shop’s server is opening…' : isPending ? 'Waiting for your answer…' : status === 'granted' ? 'Finish' : action}
        </button>
      )}
    </div>
  )
}

/** The demo chain's clock obeys every player. */
function Time({ isSignedIn, run }: { isSignedIn: boolean; run: Run }) {
  const clock = useBlock().data?.timestamp
  const pass = (label: string, days: number, text: string) =>
    void run({ label }, async () => {
      await getJson('/api/time', { days })
      return { text }
    })
  return (
    <>
      <h3>Time</h3>
      <p className="quiet">The chain’s clock says {clock === undefined ? '…' : format.localTime(Number(clock))}. Time passes day by day, and the server does each day’s work.</p>
      <div className="attempts">
        <button type="button" className="button" aria-disabled={!isSignedIn || undefined} onClick={isSignedIn ? () => pass('A day passes', 1, 'A day has passed.') : undefined}>
          Let a day pass
        </button>
        <button type="button" className="button" aria-disabled={!isSignedIn || undefined} onClick={isSignedIn ? () => pass('A month passes', 30, 'A month has passed: 30 days.') : undefined}>
          Let a month pass
        </button>
      </div>
    </>
  )
}
