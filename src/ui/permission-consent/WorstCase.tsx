'use client'
import { useId, type ReactElement } from 'react'
import type { ConsentTerms } from '../../consent/consentRequest.js'
import { describeExposure } from '../../permissions/describeExposure.js'
import { describePermission } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Prices } from '../../permissions/prices.js'
import type { UiMessages } from '../messages.js'
import { Prose } from '../Prose.js'

/** What everything together can come to until the session ends, token by token. */
export function WorstCase({
  terms,
  now,
  prices,
  options,
  messages,
}: {
  terms: ConsentTerms
  now: UnixSeconds
  prices: Prices | undefined
  options: DescribeOptions
  messages: UiMessages
}): ReactElement {
  const id = useId()
  const { lines, unknown } = describeExposure({ ...terms, now }, { ...options, prices })
  return (
    <section className="rsk-worst" aria-labelledby={id}>
      <h3 className="rsk-consent-heading" id={id}>
        {messages.worstCase}
      </h3>
      {lines.length === 0 && unknown.length === 0 && <p className="rsk-worst-line">{messages.exposureNothing}</p>}
      {lines.map(({ token, text, fiat, unlimited }) => (
        <p key={token} className="rsk-worst-line" data-unlimited={unlimited || undefined}>
          <Prose>{text}</Prose>
          {fiat && <span className="rsk-worst-fiat"> ({messages.approximately(fiat)})</span>}
        </p>
      ))}
      {unknown.length > 0 && (
        <p className="rsk-worst-line" data-unknown>
          <Prose>
            {messages.exposureUnknown(unknown.flatMap((index) => (terms.permissions[index] ? [describePermission(terms.permissions[index], options).summary] : [])))}
          </Prose>
        </p>
      )}
    </section>
  )
}
