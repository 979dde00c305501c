'use client'
import { forwardRef, useCallback, useEffect, useId, useMemo, useRef, useState, type ForwardedRef, type ReactElement } from 'react'
import type { PermissionMetadata } from '../permissions/metadata.js'
import { useSessionKeyConfig, type ConfigParameter } from '../react/useSessionKeyConfig.js'
import { usePart, type PartProps } from '../ui/parts/part.js'
import { emptyDraft, type CallDraft } from './check-tab/callDraft.js'
import { DevtoolsContext } from './DevtoolsContext.js'
import { DevtoolsPanel, type DevtoolsTab } from './DevtoolsPanel.js'
import { useEventLog } from './events/useEventLog.js'
import { KeyIcon } from './parts/KeyIcon.js'
import { SessionKeyDevtoolsDataAttributes as data } from './SessionKeyDevtoolsDataAttributes.js'

export type DevtoolsPosition = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'
export type DevtoolsOpenReason = 'button' | 'close-button' | 'escape-key'

/** What `className`, `style` and `render` are told. */
export type SessionKeyDevtoolsPartState = { open: boolean; position: DevtoolsPosition; tab: DevtoolsTab }

export type SessionKeyDevtoolsProps = ConfigParameter &
  Omit<PartProps<'div', SessionKeyDevtoolsPartState>, 'children'> & {
    /** Default false. */
    initialIsOpen?: boolean | undefined
    /** Default `sessions`. */
    initialTab?: DevtoolsTab | undefined
    /** Default `bottom-right`. */
    position?: DevtoolsPosition | undefined
    /** What the button is called, and the panel. Default `Session key devtools`. */
    buttonLabel?: string | undefined
    onOpenChange?: ((open: boolean, details: { reason: DevtoolsOpenReason }) => void) | undefined
    /** Names, symbols and decimals. Default: read from the chain, for what is looked at. */
    metadata?: PermissionMetadata | undefined
    /** Of the times that are shown. Default: the machine's own. */
    timeZone?: string | undefined
  }

/**
 * For developers: sessions and what is left of them, how they came to their state, what was said to the wallet, and what a call would be
 * answered. While it is closed it only writes down what happens: it reads nothing and asks nobody. No secret is shown or kept.
 *
 * @example {import.meta.env.DEV && <SessionKeyDevtools />}
 */
export const SessionKeyDevtools = forwardRef(function SessionKeyDevtools(
  {
    config: givenConfig,
    initialIsOpen = false,
    initialTab = 'sessions',
    position = 'bottom-right',
    buttonLabel = 'Session key devtools',
    onOpenChange,
    metadata,
    timeZone,
    ...given
  }: SessionKeyDevtoolsProps,
  ref: ForwardedRef<HTMLDivElement>,
): ReactElement {
  const config = useSessionKeyConfig({ config: givenConfig })
  const log = useEventLog(config)
  const devtools = useMemo(() => ({ config, log, metadata, timeZone }), [config, log, metadata, timeZone])
  const [open, setOpen] = useState(initialIsOpen)
  // What was chosen and typed stays while the panel is closed.
  const [tab, setTab] = useState<DevtoolsTab>(initialTab)
  const [draft, setDraft] = useState<CallDraft>(emptyDraft)
  const panelId = useId()
  const { buttonRef, panelRef, focusNext } = useFocusThatFollows(open)

  const change = useCallback(
    (next: boolean, reason: DevtoolsOpenReason) => {
      focusNext()
      setOpen(next)
      onOpenChange?.(next, { reason })
    },
    [focusNext, onOpenChange],
  )

  const content = open ? (
    <DevtoolsPanel
      id={panelId}
      label={buttonLabel}
      panelRef={panelRef}
      tab={tab}
      onTab={setTab}
      draft={draft}
      onDraft={setDraft}
      onClose={(reason) => change(false, reason)}
    />
  ) : (
    <button type="button" className="rsk-devtools-launcher" ref={buttonRef} aria-label={buttonLabel} title={buttonLabel} aria-expanded={false} aria-haspopup="dialog" onClick={() => change(true, 'button')}>
      <KeyIcon />
    </button>
  )
  const element = usePart('div', {
    state: { open, position, tab },
    ref,
    own: { className: 'rsk-devtools', lang: 'en', [data.state]: open ? 'open' : 'closed', [data.position]: position, [data.tab]: tab, children: content },
    given,
  })
  return <DevtoolsContext.Provider value={devtools}>{element}</DevtoolsContext.Provider>
})

/** From the button into the panel and back, where somebody pressed something; never when the page begins. */
function useFocusThatFollows(open: boolean) {
  const buttonRef = useRef<HTMLButtonElement>(null)
  const panelRef = useRef<HTMLDivElement>(null)
  const pending = useRef(false)
  useEffect(() => {
    if (!pending.current) return
    pending.current = false
    const target = open ? panelRef.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]') : buttonRef.current
    target?.focus({ preventScroll: true })
  }, [open])
  const focusNext = useCallback(() => {
    pending.current = true
  }, [])
  return { buttonRef, panelRef, focusNext }
}
