'use client'
import type { ReactElement } from 'react'
import { Prose } from './Prose.js'

/** A warning that does not rest on its colour: it has a sign and says what it is. */
export function WarningText({ title, children }: { title: string; children: string }): ReactElement {
  return (
    <p className="rsk-warning">
      <svg className="rsk-warning-icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        <path d="M10 3.2 17.4 16H2.6L10 3.2Z" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />
        <path d="M10 8v3.6M10 13.6v.3" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      <span>
        <strong>{title}:</strong> <Prose>{children}</Prose>
      </span>
    </p>
  )
}
