'use client'
import { useId, type ReactElement } from 'react'
import { describeRisk } from '../../permissions/describeRisk.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { RiskKind } from '../../permissions/risks.js'
import type { UiMessages } from '../messages.js'
import { WarningText } from '../WarningText.js'
import type { Acknowledgement } from './useAcknowledgements.js'

/** The description of a permission has no words for these; it warns of all the others itself. */
const untold: readonly RiskKind[] = ['unknown-contract', 'far-expiry']

/** Warns, and asks for a tick before anything can be allowed. Nothing where there is no risk. */
export function RiskTick({
  acknowledgement: { risks, ticked, tick },
  describedBy,
  options,
  messages,
}: {
  acknowledgement: Acknowledgement
  /** What it is about. */
  describedBy?: string | undefined
  options: DescribeOptions
  messages: UiMessages
}): ReactElement | null {
  const id = useId()
  if (risks.length === 0) return null
  return (
    <>
      {risks
        .filter(({ kind }) => untold.includes(kind))
        .map((risk) => (
          <WarningText key={risk.kind} title={messages.warning}>
            {describeRisk(risk, options)}
          </WarningText>
        ))}
      <div className="rsk-tick" data-risk>
        <input id={id} type="checkbox" checked={ticked} aria-describedby={describedBy} onChange={(event) => tick(event.currentTarget.checked)} />
        <label htmlFor={id}>{messages.understood}</label>
      </div>
    </>
  )
}
