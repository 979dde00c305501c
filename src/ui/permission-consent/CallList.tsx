'use client'
import type { ReactElement } from 'react'
import { size, slice, type Hex } from 'viem'
import type { CallsConsentRequest } from '../../consent/consentRequest.js'
import { describeCall } from '../../permissions/describeCall.js'
import { amountOf, contractNameOf, descriptionContext, nativeTokenOf, shortAddress, type DescribeOptions } from '../../permissions/description.js'
import { AddressText } from '../AddressText.js'
import type { UiMessages } from '../messages.js'
import { Prose } from '../Prose.js'
import { WarningText } from '../WarningText.js'

/** Calls that the account itself is to make: whom, what, with how much. */
export function CallList({
  calls,
  options,
  messages,
  labelledBy,
}: {
  calls: CallsConsentRequest['calls']
  options: DescribeOptions
  messages: UiMessages
  labelledBy: string
}): ReactElement {
  const context = descriptionContext(options)
  return (
    <ol className="rsk-permissions" role="list" aria-labelledby={labelledBy}>
      {calls.map((call, index) => {
        const { to, value, data } = call
        const name = contractNameOf(context, to)
        const { summary, warnings } = describeCall(call, options)
        return (
          <li key={index} className="rsk-permission">
            <span className="rsk-permission-icon" aria-hidden="true">
              {index + 1}
            </span>
            <div className="rsk-permission-body">
              <p className="rsk-permission-summary">
                <Prose>{summary}</Prose>
              </p>
              <dl className="rsk-rows">
                <div className="rsk-row">
                  <dt>{messages.callTo}</dt>
                  <dd>
                    {name !== shortAddress(to) && (
                      <>
                        <bdi>{name}</bdi>{' '}
                      </>
                    )}
                    <AddressText address={to} />
                  </dd>
                </div>
                <div className="rsk-row">
                  <dt>{messages.callCarries}</dt>
                  <dd>{value === 0n ? messages.nothing : amountOf(context, nativeTokenOf(context), value)}</dd>
                </div>
                <div className="rsk-row">
                  <dt>{messages.callFunction}</dt>
                  <dd>
                    <bdi dir="ltr" className="rsk-address">
                      {selectorOf(data) ?? messages.callNoFunction}
                    </bdi>
                  </dd>
                </div>
              </dl>
              {warnings.map((warning) => (
                <WarningText key={warning} title={messages.warning}>
                  {warning}
                </WarningText>
              ))}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function selectorOf(data: Hex): string | undefined {
  return size(data) >= 4 ? slice(data, 0, 4) : size(data) > 0 ? data : undefined
}
