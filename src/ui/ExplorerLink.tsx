'use client'
import type { ReactElement, ReactNode } from 'react'
import { useExplorerLink } from './Explorer.js'

/** A link to the explorer's page of that path; the text alone where no explorer is known. */
export function ExplorerLink({ path, children }: { path: string; children: ReactNode }): ReactElement {
  const link = useExplorerLink(path)
  if (link === undefined) return <>{children}</>
  return (
    <a className="rsk-address-link" href={link} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  )
}
