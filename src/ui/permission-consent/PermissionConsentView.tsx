'use client'
import { useId, useRef, useState, type ReactElement } from 'react'
import type { Address } from 'viem'
import type { ConsentRejection, ConsentRequest, ConsentTerms } from '../../consent/consentRequest.js'
import { adjustableLimits } from '../../permissions/adjustableLimits.js'
import { canonicalText } from '../../permissions/canonicalText.js'
import { describeExpiry, describeSession } from '../../permissions/describe.js'
import type { ClearSigningDescriptor } from '../../permissions/clearSigning.js'
import { compareWithExisting } from '../../permissions/existing.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import type { Prices } from '../../permissions/prices.js'
import { nameInSentence, untrustedText } from '../../permissions/untrustedText.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'
import { Explorer } from '../Explorer.js'
import { Prose } from '../Prose.js'
import { WarningText } from '../WarningText.js'
import { CallList } from './CallList.js'
import { ConsentDetails } from './ConsentDetails.js'
import { ConsentFacts, type GasPayer } from './ConsentFacts.js'
import { ConsentIdentity } from './ConsentIdentity.js'
import { ConsentPermissions } from './ConsentPermissions.js'
import { ExpiryEditor } from './ExpiryEditor.js'
import { siteOf } from './siteOf.js'
import { RemovedPermissions } from './RemovedPermissions.js'
import { RiskTick } from './RiskTick.js'
import { useAcknowledgements } from './useAcknowledgements.js'
import { useAppWords } from './useAppWords.js'
import { useArmed } from './useArmed.js'
import { useLowering } from './useLowering.js'
import { useModalDialog } from './useModalDialog.js'
import { useUncovered } from './useUncovered.js'
import { WorstCase } from './WorstCase.js'

export type PermissionConsentViewProps = {
  request: ConsentRequest
  /** With `terms` where the user allows less than was asked. */
  onApprove: (terms?: ConsentTerms) => void
  onReject: (reason: ConsentRejection) => void
  /** The user has allowed it, and the wallet is at work. */
  granting?: boolean | undefined
  /** While granting: shows it no longer. */
  onHide?: (() => void) | undefined
  /** Default: the chain's time in the request. */
  now?: UnixSeconds | undefined
  locale?: string | undefined
  timeZone?: string | undefined
  messages?: Partial<UiMessages> | undefined
  /** What tokens are worth, by lower-case address or `native`: shown beside amounts as what the app says. */
  prices?: Prices | undefined
  /** Who pays the network for what the session does, where that is known. */
  gas?: GasPayer | undefined
  /** Addresses that a relay is paid at, as it says itself: a permission to pay one of them is described as one for network fees. */
  feeCollectors?: readonly Address[] | undefined
  /** Clear-signing files (ERC-7730): what the app calls its contracts and functions, shown as its own words. */
  descriptors?: readonly ClearSigningDescriptor[] | undefined
  /** How long Allow waits before it can be pressed, in milliseconds. Default 500; less is for tests. */
  armDelayMs?: number | undefined
}

/** From this many letters on, the sentence is set smaller, so that the permissions below it stay in sight. */
const longSentence = 130

/**
 * One consent request in a modal dialog. It answers a request once. Rejecting comes first and has the focus; Allow
 * works only after it has been visible for a moment.
 */
export function PermissionConsentView({
  request,
  onApprove,
  onReject,
  granting = false,
  onHide,
  now = request.type === 'permissions' ? request.chainTime : undefined,
  locale,
  timeZone,
  messages: given,
  prices,
  gas,
  feeCollectors,
  descriptors,
  armDelayMs,
}: PermissionConsentViewProps): ReactElement {
  const id = useId()
  const messages = useMessages(given)
  const content = canonicalText(request)
  const expiry = request.type === 'permissions' ? request.expiry : undefined
  const words = {
    metadata: request.metadata,
    nativeCurrency: request.chain.nativeCurrency,
    locale: locale ?? messages.locale,
    timeZone,
    now,
    messages,
    feeCollectors,
  }
  const lowering = useLowering(request, content, words)
  const { asked, terms } = lowering
  const risks = useAcknowledgements({ allowed: lowering.allowed, expiry: terms.expiry, now: now ?? 0, metadata: request.metadata, content })
  const existing =
    request.type === 'permissions' && request.existing
      ? compareWithExisting(
          request.existing.terms.permissions,
          lowering.allowed.map((permission, index) => permission ?? (asked.permissions[index] as Permission)),
          request.chainTime,
        )
      : undefined
  const [editing, setEditing] = useState<string>()
  const allowButton = useRef<HTMLButtonElement>(null)
  const { uncovered, sayCovered } = useUncovered(allowButton)
  const appWords = useAppWords({ request, permissions: asked.permissions, descriptors, options: words })
  const armed = useArmed(`${content} ${canonicalText([terms, prices, feeCollectors, uncovered, appWords])}`, armDelayMs)
  const rejectButton = useRef<HTMLButtonElement>(null)
  const answered = useRef<string>(undefined)

  function answerOnce(answer: () => void) {
    if (answered.current === request.id) return
    answered.current = request.id
    answer()
  }
  const reject = (reason: ConsentRejection) => answerOnce(() => onReject(reason))
  const dialog = useModalDialog({ shown: request.id, safeFocus: rejectButton, onDismiss: granting ? () => onHide?.() : reject })

  const site = siteOf(request.origin)
  const siteName = site.name ?? messages.unknownSite
  const app = nameInSentence(request.app?.name, messages.quoted) ?? siteName
  const described = { ...words, ...(request.type === 'permissions' ? { expiry: terms.expiry } : {}) }
  const justification = request.type === 'permissions' ? untrustedText(request.justification, 600) : undefined
  const sentence =
    request.type === 'permissions'
      ? describeSession({ ...words, appName: app, permissions: terms.permissions, expiry: terms.expiry, now: now ?? request.chainTime })
      : messages.callsSentence({ app, count: request.calls.length, chain: untrustedText(request.chain.name) ?? String(request.chain.id) })
  const canLower = request.type === 'permissions' && request.adjustable && asked.permissions.some((permission) => adjustableLimits(permission).length > 0)
  const isEditing = canLower && !granting && editing === content
  const obstacle = obstacleOf()

  /** Why Allow cannot be pressed, where that is the user's to change. */
  function obstacleOf(): string | undefined {
    if (sayCovered) return messages.covered
    if (request.type !== 'permissions') return undefined
    if (Object.keys(lowering.problems).length > 0) return messages.unreadableLimits
    if (terms.permissions.length === 0) return messages.nothingLeft
    return risks.missing > 0 ? messages.tickFirst(risks.missing) : undefined
  }

  return (
    <dialog
      {...dialog}
      className="rsk-consent"
      data-granting={granting || undefined}
      aria-busy={granting || undefined}
      role="alertdialog"
      lang={messages.locale}
      dir={messages.direction}
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}sentence`}
    >
      {/* With its fields switched off, nothing in it takes the focus, and a keyboard could not scroll it. */}
      <div className="rsk-consent-content" {...(granting && { tabIndex: 0, role: 'group', 'aria-labelledby': `${id}title` })}>
        {/* What was allowed cannot be changed any more. */}
        <fieldset className="rsk-consent-fields" disabled={granting}>
          <Explorer url={request.chain.explorer}>
            <ConsentIdentity request={request} messages={messages} />
            <h2 className="rsk-consent-title" id={`${id}title`}>
              {request.type === 'permissions' ? messages.consentTitle(siteName) : messages.callsTitle({ site: siteName, count: request.calls.length })}
            </h2>
            <p className="rsk-consent-sentence" id={`${id}sentence`} data-long={sentence.length > longSentence || undefined}>
              <Prose>{sentence}</Prose>
            </p>

            {!site.secure && <WarningText title={messages.warning}>{messages.insecureSite}</WarningText>}
            {request.type === 'calls' && <WarningText title={messages.warning}>{messages.callsWarning}</WarningText>}
            {request.type === 'permissions' && request.widened && request.widened.length > 0 && (
              <WarningText title={messages.warning}>{messages.widened([...new Set(request.widened.map(({ path, reason }) => messages.widenedReason({ field: path.replace(/^permissions\[\d+\]\./, ''), reason })))])}</WarningText>
            )}

            <h3 className="rsk-consent-heading" id={`${id}what`}>
              {request.type === 'permissions' ? messages.permissions : messages.calls}
            </h3>
            {request.type === 'permissions' ? (
              <>
                {request.existing && <p className="rsk-note">{messages.existing(request.existing.ends)}</p>}
                <ConsentPermissions
                  lowering={lowering}
                  risks={risks}
                  editing={isEditing}
                  adjustable={request.adjustable}
                  existing={existing}
                  appWords={appWords}
                  prices={prices}
                  options={described}
                  messages={messages}
                  labelledBy={`${id}what`}
                />
                {request.existing?.ends && existing && existing.removed.length > 0 && (
                  <RemovedPermissions permissions={existing.removed} options={words} messages={messages} />
                )}
              </>
            ) : (
              <CallList calls={request.calls} options={described} messages={messages} labelledBy={`${id}what`} />
            )}

            {request.type === 'permissions' && terms.permissions.length > 0 && (
              <WorstCase terms={terms} now={now ?? request.chainTime} prices={prices} options={described} messages={messages} />
            )}
            <ConsentFacts
              request={request}
              ends={expiry === undefined || now === undefined ? undefined : describeExpiry(terms.expiry, now, words)}
              askedEnd={expiry === undefined || now === undefined || terms.expiry === expiry ? undefined : describeExpiry(expiry, now, words)}
              gas={request.type === 'permissions' && request.delegate !== undefined ? gas : undefined}
              messages={messages}
            />
            {isEditing && now !== undefined && (
              <ExpiryEditor asked={asked.expiry} chosen={terms.expiry} now={now} onChoose={lowering.endAt} options={words} messages={messages} />
            )}
            <RiskTick acknowledgement={risks.session} options={words} messages={messages} />
            {canLower && !granting && (
              <button type="button" className="rsk-link" aria-expanded={isEditing} onClick={() => setEditing(isEditing ? undefined : content)}>
                {isEditing ? messages.lowerDone : messages.lower}
              </button>
            )}
            {justification && (
              <figure className="rsk-justification">
                <figcaption>{messages.justification}</figcaption>
                <blockquote>
                  <bdi>{messages.quoted(justification)}</bdi>
                </blockquote>
              </figure>
            )}
            {request.upgradesAccount && <p className="rsk-note">{messages.upgradesAccount}</p>}
            {request.type === 'permissions' && <p className="rsk-note">{messages.revocable}</p>}
            <ConsentDetails request={request} permissions={terms.permissions} options={described} messages={messages} />
          </Explorer>
        </fieldset>
      </div>
      <p className="rsk-obstacle" id={`${id}obstacle`} role="status">
        {granting ? messages.grantingHint : obstacle}
      </p>
      <div className="rsk-consent-actions">
        <button ref={rejectButton} type="button" className="rsk-button" onClick={() => (granting ? onHide?.() : reject('reject-press'))}>
          {granting ? messages.hide : messages.reject}
        </button>
        <button
          ref={allowButton}
          type="button"
          className="rsk-button rsk-button-primary"
          aria-disabled={!granting && armed && uncovered && obstacle === undefined ? undefined : true}
          aria-describedby={obstacle === undefined ? undefined : `${id}obstacle`}
          onClick={() => {
            if (!granting && armed && uncovered && obstacle === undefined) answerOnce(() => (terms === asked ? onApprove() : onApprove(terms)))
          }}
        >
          {granting ? messages.allowing : messages.allow}
        </button>
      </div>
    </dialog>
  )
}
