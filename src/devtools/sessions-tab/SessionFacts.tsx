'use client'
import type { ReactElement } from 'react'
import type { Session } from '../../sessions/session.js'
import type { SessionStatus } from '../../sessions/status.js'
import { useDevtools } from '../DevtoolsContext.js'
import { Facts } from '../parts/Facts.js'
import { dateAndTime } from '../parts/clockTime.js'
import { TimeUntil } from './TimeUntil.js'

type SessionFactsProps = { session: Session; status: SessionStatus; keyIs: 'kept' | 'deleted' }

/** The record, field by field. Contexts, the wallet's name for the grant and its answer are not among them. */
export function SessionFacts({ session, status, keyIs }: SessionFactsProps): ReactElement {
  const { timeZone } = useDevtools()
  const { revocation, grantedExpiry } = session
  const seconds = (moment: number) => `${dateAndTime(moment * 1000, timeZone)} · ${moment}`
  return (
    <section>
      <h3 className="rsk-devtools-heading">Record</h3>
      <Facts
        facts={[
          ['id', session.id],
          ['status', status === session.status ? status : `${status} by the chain’s time, ${session.status} on record`],
          ['rev', String(session.rev)],
          ['address', session.address],
          ['key', keyIs],
          ['account', session.account],
          ['chainId', String(session.chainId)],
          [
            'expiry',
            <>
              {seconds(session.expiry)} (<TimeUntil moment={session.expiry} chainId={session.chainId} />)
            </>,
          ],
          ['grantedExpiry', grantedExpiry === undefined ? undefined : grantedExpiry === 0 ? 'never' : seconds(grantedExpiry)],
          ['dialect', session.dialect],
          ['connector', session.connector],
          ['origin', session.origin],
          ['createdAt', dateAndTime(session.createdAt, timeZone)],
          ['updatedAt', dateAndTime(session.updatedAt, timeZone)],
          ['revocation', revocation && revocationText(revocation)],
          ['outcome', session.outcome],
          ['replaces', session.replaces],
          ['permissionsHash', session.permissionsHash],
        ]}
      />
    </section>
  )
}

function revocationText({ transactionHash, blockNumber, elsewhere }: NonNullable<Session['revocation']>): string {
  const parts = [elsewhere && 'elsewhere', blockNumber !== undefined && `block ${blockNumber}`, transactionHash]
  return parts.filter(Boolean).join(' · ') || 'sent'
}
