'use client'
import { useRef, type KeyboardEvent, type ReactElement } from 'react'

type TabListProps<tab extends string> = {
  tabs: readonly { tab: tab; label: string }[]
  selected: tab
  onSelect: (tab: tab) => void
  idBase: string
  label: string
}

/** Arrows, Home and End go from tab to tab; Tab goes on to what the tab shows. @see WAI-ARIA APG "Tabs" */
export function TabList<tab extends string>({ tabs, selected, onSelect, idBase, label }: TabListProps<tab>): ReactElement {
  const listRef = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const index = tabs.findIndex(({ tab }) => tab === selected)
    const forwards = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1
    const next = {
      ArrowRight: index + forwards,
      ArrowLeft: index - forwards,
      Home: 0,
      End: tabs.length - 1,
    }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const place = (next + tabs.length) % tabs.length
    const chosen = tabs[place]
    if (chosen) onSelect(chosen.tab)
    listRef.current?.querySelectorAll<HTMLElement>('[role="tab"]')[place]?.focus()
  }
  return (
    <div className="rsk-devtools-tabs" role="tablist" aria-label={label} ref={listRef} onKeyDown={onKeyDown}>
      {tabs.map(({ tab, label: text }) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`${idBase}-${tab}`}
          className="rsk-devtools-tab"
          aria-selected={tab === selected}
          aria-controls={tab === selected ? `${idBase}-panel` : undefined}
          tabIndex={tab === selected ? 0 : -1}
          onClick={() => onSelect(tab)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}
