'use client'
import type { ReactElement } from 'react'

/** What was said, as it was said but for what was left out of it. */
export function JsonText({ label, value }: { label: string; value: unknown }): ReactElement {
  return (
    <figure className="rsk-devtools-json">
      <figcaption>{label}</figcaption>
      {/* It may scroll, and so the keyboard has to reach it. */}
      <pre tabIndex={0} role="group" aria-label={label} dir="ltr">
        {JSON.stringify(value, null, 2) ?? 'nothing'}
      </pre>
    </figure>
  )
}
