import { useGrantPermissions, usePermissionUsage, useRevokePermissions, useSessionKey, type SessionDefinition } from 'react-session-keys'
import type { Address } from 'viem'
import { useBalance } from 'wagmi'
import * as format from './format.js'
import { Meter } from './Meter.js'
import type { Run } from './useActivities.js'
import { useConfirmations } from './useConfirmations.js'

type Status = ReturnType<typeof useSessionKey>['status'] | 'revoked-elsewhere'

const words: Record<Status, string> = {
  hydrating: 'Looking…',
  none: 'No session',
  locked: 'Locked',
  requested: 'Waiting for your answer',
  granted: 'Checking the answer',
  active: 'Active',
  exhausted: 'Used up',
  rejected: 'Declined',
  unknown: 'Unclear',
  quarantined: 'Set aside',
  revoking: 'Ending…',
  revoked: 'Ended',
  'revoked-elsewhere': 'Ended in the wallet',
  expired: 'Expired',
  purged: 'Ended',
}

/** What the session may still do, read from the chain, and how it begins and ends. */
export function SessionPanel({ player, session, run }: { player: Address; session: SessionDefinition; run: Run }) {
  const current = useSessionKey({ session })
  const usage = usePermissionUsage({ session })
  const grant = useGrantPermissions()
  const revoke = useRevokePermissions({ session })
  const asked = useConfirmations()
  const keyBalance = useBalance({ address: current.address, query: { enabled: current.address !== undefined } })
  const playerBalance = useBalance({ address: player })

  const status: Status = current.status === 'revoked' && current.session.revocation?.elsewhere ? 'revoked-elsewhere' : current.status
  const live = status === 'active' || status === 'exhausted' || status === 'revoking'
  const [mint, spend] = usage.data?.permissions ?? []

  const start = () => {
    // A second press while the wallet asks joins the first; it is one grant and one message.
    if (grant.isPending) return void grant.mutateAsync(session).catch(() => undefined)
    void run({ label: 'Start session' }, async () => {
      await grant.mutateAsync(session)
      return { text: 'The session is on: no more questions until it ends.' }
    })
  }
  const end = () =>
    void run({ label: 'End session' }, async () => {
      const { revokedAt } = await revoke.mutateAsync()
      return { text: `The session has ended: the chain shows it in block ${revokedAt.blockNumber}, and the key is deleted.` }
    })

  return (
    <section className="card session" aria-labelledby="session-title">
      <div className="card-head">
        <h2 id="session-title">Session</h2>
        <span className="badge" data-status={status} data-testid="session-status">
          {words[status]}
        </span>
      </div>

      {live ? (
        <>
          <Meter
            label="GOLD left"
            text={spend?.amount ? `${format.gold(spend.amount.left)} of ${format.gold(spend.amount.limit)}` : 'reading…'}
            value={spend?.amount && Number(spend.amount.left / 10n ** 18n)}
            max={1_000}
          />
          <Meter label="Mints left" text={mint?.calls ? `${mint.calls.left ?? '?'} of ${mint.calls.limit}` : 'reading…'} value={mint?.calls?.left} max={50} />
        </>
      ) : (
        <p className="quiet">
          {status === 'expired' && current.expiry !== undefined
            ? `It ended ${format.localTime(current.expiry)}. The chain refuses its key now.`
            : 'One question: mint swords and spend up to 1000 GOLD, for 3 days. After that the shop just works.'}
        </p>
      )}

      <dl className="facts">
        {live && current.expiry !== undefined && (
          <Fact label="Ends">
            {format.localTime(current.expiry)}
            {usage.data && <span className="quiet"> ({format.fromNow(current.expiry, usage.data.asOf.timestamp)})</span>}
          </Fact>
        )}
        <Fact label="Confirmations asked">{asked}</Fact>
        {live && current.address && (
          <>
            <Fact label="Session key">
              <code title={current.address}>{format.short(current.address)}</code>
            </Fact>
            <Fact label="The key holds">{keyBalance.data ? format.ether(keyBalance.data.value) : '…'}</Fact>
          </>
        )}
        <Fact label="You hold">{playerBalance.data ? format.ether(playerBalance.data.value) : '…'}</Fact>
      </dl>

      {live ? (
        <button type="button" className="button button-wide" onClick={end}>
          {revoke.isPending ? 'Ending…' : 'End session'}
        </button>
      ) : (
        <button type="button" className="button button-primary button-wide" onClick={start}>
          {grant.isPending ? 'Waiting for your answer…' : 'Start session'}
        </button>
      )}
    </section>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
