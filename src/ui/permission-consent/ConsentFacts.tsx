'use client'
import type { ReactElement } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import type { ExpiryDescription } from '../../permissions/describeMoment.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import { AddressText } from '../AddressText.js'
import type { UiMessages } from '../messages.js'

/** A relay or paymaster of the app, the session key from what it holds itself, or the user's account out of a permission for it. */
export type GasPayer = 'relay' | 'session-key' | 'account'

/** Until when, whose account, where. */
export function ConsentFacts({
  request,
  ends,
  askedEnd,
  gas,
  messages,
}: {
  request: ConsentRequest
  ends?: ExpiryDescription | undefined
  /** Where the user lets it end sooner. */
  askedEnd?: ExpiryDescription | undefined
  gas?: GasPayer | undefined
  messages: UiMessages
}): ReactElement {
  return (
    <dl className="rsk-facts">
      {ends && (
        <div className="rsk-fact">
          <dt>{messages.ends}</dt>
          <dd>
            {messages.endsAt(ends)}
            {askedEnd && <span className="rsk-lowered">{messages.asked(messages.endsAt(askedEnd))}</span>}
          </dd>
        </div>
      )}
      <div className="rsk-fact">
        <dt>{messages.account}</dt>
        <dd>
          <AddressText address={request.account} />
        </dd>
      </div>
      <div className="rsk-fact">
        <dt>{messages.network}</dt>
        <dd>
          <bdi>{untrustedText(request.chain.name) ?? request.chain.id}</bdi>
        </dd>
      </div>
      {gas && (
        <div className="rsk-fact">
          <dt>{messages.fees}</dt>
          <dd>{messages.feesPaidBy[gas]}</dd>
        </div>
      )}
    </dl>
  )
}
