'use client'
import { Fragment, type ReactElement } from 'react'

/** Text in which a shortened address stays on one line. */
export function Prose({ children }: { children: string }): ReactElement {
  return (
    <>
      {children.split(/(0x[0-9a-fA-F]{4}…[0-9a-fA-F]{4})/).map((part, index) =>
        index % 2 === 1 ? (
          <span key={index} className="rsk-unbroken">
            {part}
          </span>
        ) : (
          <Fragment key={index}>{part}</Fragment>
        ),
      )}
    </>
  )
}
