'use client'
import { forwardRef, type ForwardedRef, type ReactElement } from 'react'
import { describeExpiry } from '../../permissions/describe.js'
import { useMessages } from '../MessagesProvider.js'
import { usePart, type PartProps } from '../parts/part.js'
import { GrantPermissionsButtonDataAttributes as data } from './GrantPermissionsButtonDataAttributes.js'
import { useGrantButton, type GrantButtonState, type UseGrantButtonParameters } from './useGrantButton.js'

/** What `className`, `style` and `render` are told. */
export type GrantPermissionsButtonPartState = { state: GrantButtonState }

export type GrantPermissionsButtonProps = UseGrantButtonParameters &
  PartProps<'button', GrantPermissionsButtonPartState> & {
    /** Of dates. Default: the language of the messages. */
    locale?: string | undefined
    timeZone?: string | undefined
  }

/**
 * Asks for a session, and says beside itself what became of it. Its children are what it says while it can be pressed. What is given, `ref`
 * and `render` are the button's.
 */
export const GrantPermissionsButton = forwardRef(function GrantPermissionsButton(
  { session: wanted, config, mutation, messages: words, locale, timeZone, children, ...given }: GrantPermissionsButtonProps,
  ref: ForwardedRef<HTMLButtonElement>,
): ReactElement {
  const messages = useMessages(words)
  const { state, label, session, problem, problemId, buttonProps } = useGrantButton({ session: wanted, config, mutation, messages: words })
  const button = usePart('button', {
    state: { state },
    ref,
    own: { className: 'rsk-button rsk-button-primary', ...buttonProps, [data.state]: state, children: label ?? children ?? messages.grant },
    given,
  })
  const started = session && Math.floor(session.updatedAt / 1000)
  return (
    <div className="rsk-grant" lang={messages.locale} dir={messages.direction} {...{ [data.state]: state }}>
      {button}
      <p className="rsk-grant-status" role="status">
        {state === 'waiting' && messages.grantHint}
        {session && started !== undefined && messages.grantedUntil(describeExpiry(session.expiry, started, { locale, timeZone, messages }).absolute)}
      </p>
      {problem !== undefined && (
        <p className="rsk-grant-problem" id={problemId} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
})
