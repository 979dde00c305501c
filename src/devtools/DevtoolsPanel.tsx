'use client'
import { useId, type KeyboardEvent, type ReactElement, type Ref } from 'react'
import { CheckTab } from './check-tab/CheckTab.js'
import type { CallDraft } from './check-tab/callDraft.js'
import { LogActions } from './events/LogActions.js'
import { KeyIcon } from './parts/KeyIcon.js'
import { TabList } from './parts/TabList.js'
import { SessionsTab } from './sessions-tab/SessionsTab.js'
import type { DevtoolsOpenReason } from './SessionKeyDevtools.js'
import { TimelineTab } from './timeline-tab/TimelineTab.js'
import { WireTab } from './wire-tab/WireTab.js'

export type DevtoolsTab = 'sessions' | 'timeline' | 'wire' | 'check'

const tabs: readonly { tab: DevtoolsTab; label: string }[] = [
  { tab: 'sessions', label: 'Sessions' },
  { tab: 'timeline', label: 'Timeline' },
  { tab: 'wire', label: 'Wire' },
  { tab: 'check', label: 'Check' },
]

type DevtoolsPanelProps = {
  id: string
  label: string
  panelRef: Ref<HTMLDivElement>
  tab: DevtoolsTab
  onTab: (tab: DevtoolsTab) => void
  draft: CallDraft
  onDraft: (draft: CallDraft) => void
  onClose: (reason: DevtoolsOpenReason) => void
}

/** Not modal: the app beside it can be used as always. */
export function DevtoolsPanel({ id, label, panelRef, tab, onTab, draft, onDraft, onClose }: DevtoolsPanelProps): ReactElement {
  const tabId = useId()
  const titleId = useId()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.stopPropagation()
    onClose('escape-key')
  }
  return (
    <div id={id} className="rsk-devtools-panel" role="dialog" aria-labelledby={titleId} ref={panelRef} onKeyDown={onKeyDown}>
      <header className="rsk-devtools-head">
        <h2 className="rsk-devtools-title" id={titleId}>
          <KeyIcon />
          {label}
        </h2>
        <LogActions />
        <button type="button" className="rsk-devtools-button rsk-devtools-close" aria-label={`Close ${label}`} onClick={() => onClose('close-button')}>
          <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" aria-hidden="true" focusable="false">
            <path d="m5 5 10 10M15 5 5 15" />
          </svg>
        </button>
      </header>
      <TabList tabs={tabs} selected={tab} onSelect={onTab} idBase={tabId} label={label} />
      <div key={tab} className="rsk-devtools-tabpanel" role="tabpanel" id={`${tabId}-panel`} aria-labelledby={`${tabId}-${tab}`} tabIndex={0}>
        <Content tab={tab} draft={draft} onDraft={onDraft} />
      </div>
    </div>
  )
}

function Content({ tab, draft, onDraft }: Pick<DevtoolsPanelProps, 'tab' | 'draft' | 'onDraft'>): ReactElement {
  switch (tab) {
    case 'sessions':
      return <SessionsTab />
    case 'timeline':
      return <TimelineTab />
    case 'wire':
      return <WireTab />
    case 'check':
      return <CheckTab draft={draft} onDraft={onDraft} />
    default:
      return tab satisfies never
  }
}
