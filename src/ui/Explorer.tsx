'use client'
import { createContext, useContext, type ReactElement, type ReactNode } from 'react'

const ExplorerContext = createContext<string | undefined>(undefined)

/** What stands in it links addresses and transactions to this block explorer. */
export function Explorer({ url, children }: { url: string | undefined; children: ReactNode }): ReactElement {
  return <ExplorerContext.Provider value={url}>{children}</ExplorerContext.Provider>
}

/** Where the explorer around this shows `address/0x…` or `tx/0x…`; undefined where there is none that can be linked to. */
export function useExplorerLink(path: string): string | undefined {
  return explorerLink(useContext(ExplorerContext), path)
}

/** The address comes from the app: nothing but a web page is linked to. */
export function explorerLink(explorer: string | undefined, path: string): string | undefined {
  if (explorer === undefined || !URL.canParse(explorer)) return undefined
  const url = new URL(explorer)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname))) return undefined
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`
  return url.href
}
