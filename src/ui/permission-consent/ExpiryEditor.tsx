'use client'
import { useId, type ReactElement } from 'react'
import { describeExpiry } from '../../permissions/describe.js'
import type { DescribeOptions } from '../../permissions/description.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { UiMessages } from '../messages.js'

const hour = 3_600
const day = 24 * hour
/** Shorter lives to choose from. */
const lifetimes = [hour, 6 * hour, day, 3 * day, 7 * day, 30 * day, 90 * day] as const

/** Lets the session end sooner than was asked; never later. */
export function ExpiryEditor({
  asked,
  chosen,
  now,
  onChoose,
  options,
  messages,
}: {
  asked: UnixSeconds
  chosen: UnixSeconds
  now: UnixSeconds
  onChoose: (expiry: UnixSeconds) => void
  options: DescribeOptions
  messages: UiMessages
}): ReactElement | null {
  const id = useId()
  const sooner = lifetimes.map((seconds) => now + seconds).filter((expiry) => expiry < asked)
  if (sooner.length === 0) return null
  const words = (expiry: UnixSeconds) => messages.endsAt(describeExpiry(expiry, now, options))
  return (
    <div className="rsk-editor rsk-editor-expiry">
      <label className="rsk-editor-label" htmlFor={id}>
        {messages.endSooner}
      </label>
      <select id={id} className="rsk-input" value={chosen} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {[asked, ...sooner.reverse()].map((expiry) => (
          <option key={expiry} value={expiry}>
            {expiry === asked ? messages.asAsked(words(expiry)) : words(expiry)}
          </option>
        ))}
      </select>
    </div>
  )
}
