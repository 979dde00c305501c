'use client'
import type { ReactElement } from 'react'
import type { Hash } from 'viem'
import { ExplorerLink } from './ExplorerLink.js'

/** A transaction by its whole hash, left to right in every script. */
export function TransactionText({ hash }: { hash: Hash }): ReactElement {
  return (
    <bdi dir="ltr" className="rsk-address">
      <ExplorerLink path={`tx/${hash}`}>{hash}</ExplorerLink>
    </bdi>
  )
}
