'use client'
import type { ReactElement } from 'react'

export function KeyIcon(): ReactElement {
  return (
    <svg className="rsk-devtools-icon" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <circle cx="6.75" cy="13.25" r="3.5" />
      <path d="m9.4 10.6 6.85-6.85M13 7l2.25 2.25M15 5l1.5 1.5" />
    </svg>
  )
}
