'use client'
import { createContext, useMemo, type ReactNode } from 'react'
import { useConfig } from 'wagmi'
import { createSessionKeyConfig, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'

export const SessionKeyContext = createContext<SessionKeyConfig | undefined>(undefined)

export type SessionKeyProviderProps = {
  /** From `createSessionKeyConfig`. Left out: wagmi's config, IndexedDB, and the session key pays its own gas. */
  config?: SessionKeyConfig | undefined
  children?: ReactNode
}

/** Makes sessions available to the hooks below it. Put it inside WagmiProvider and QueryClientProvider. */
export function SessionKeyProvider({ config, children }: SessionKeyProviderProps): ReactNode {
  return config ? (
    <SessionKeyContext.Provider value={config}>{children}</SessionKeyContext.Provider>
  ) : (
    <DefaultProvider>{children}</DefaultProvider>
  )
}

function DefaultProvider({ children }: { children?: ReactNode }): ReactNode {
  const wagmi = useConfig()
  const config = useMemo(() => createSessionKeyConfig({ wagmi }), [wagmi])
  return <SessionKeyContext.Provider value={config}>{children}</SessionKeyContext.Provider>
}
