'use client'
import type { ReactElement } from 'react'
import type { ConsentRequest } from '../../consent/consentRequest.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import type { UiMessages } from '../messages.js'
import { safeIcon, siteOf } from './siteOf.js'

/** Who asks: the origin, which the browser vouches for, and below it what the app says of itself. */
export function ConsentIdentity({ request, messages }: { request: ConsentRequest; messages: UiMessages }): ReactElement {
  const site = siteOf(request.origin).name ?? messages.unknownSite
  const appName = untrustedText(request.app?.name)
  const icon = safeIcon(request.app?.icon)
  return (
    <div className="rsk-identity">
      {icon ? (
        <img className="rsk-identity-icon" src={icon} alt="" width={44} height={44} referrerPolicy="no-referrer" />
      ) : (
        <span className="rsk-identity-icon" aria-hidden="true">
          {Array.from(appName ?? site)[0]?.toLocaleUpperCase(messages.locale)}
        </span>
      )}
      <div className="rsk-identity-text">
        <p className="rsk-identity-site">
          <bdi dir="ltr">{site}</bdi>
        </p>
        {appName && <p className="rsk-identity-name">{messages.callsItself(messages.quoted(appName))}</p>}
      </div>
    </div>
  )
}
