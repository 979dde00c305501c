'use client'
import { createContext, useEffect, useMemo, type ReactNode } from 'react'
import { useConfig } from 'wagmi'
import { createSessionKeyConfig, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import { useConnection } from './useConnection.js'

export const SessionKeyContext = createContext<SessionKeyConfig | undefined>(undefined)

export type SessionKeyProviderProps = {
  /** From `createSessionKeyConfig`. Left out: wagmi's config, IndexedDB, and the session key pays its own gas. */
  config?: SessionKeyConfig | undefined
  /** Find out, when an account connects, what became of sessions that a crash or a lost answer left open. Default true. */
  reconcileOnConnect?: boolean | undefined
  children?: ReactNode
}

/** Makes sessions available to the hooks below it. Put it inside WagmiProvider and QueryClientProvider. */
export function SessionKeyProvider({ config, ...props }: SessionKeyProviderProps): ReactNode {
  return config ? <Provider config={config} {...props} /> : <DefaultProvider {...props} />
}

function DefaultProvider(props: Omit<SessionKeyProviderProps, 'config'>): ReactNode {
  const wagmi = useConfig()
  const config = useMemo(() => createSessionKeyConfig({ wagmi }), [wagmi])
  return <Provider config={config} {...props} />
}

type ProviderProps = Omit<SessionKeyProviderProps, 'config'> & { config: SessionKeyConfig }

function Provider({ config, reconcileOnConnect = true, children }: ProviderProps): ReactNode {
  const { account, chainId, connectorUid } = useConnection(config) ?? {}
  useEffect(() => {
    // A wallet or a chain that cannot be asked now is asked when it connects again.
    if (account && reconcileOnConnect) reconcile(config).catch(() => undefined)
  }, [config, account, chainId, connectorUid, reconcileOnConnect])
  return <SessionKeyContext.Provider value={config}>{children}</SessionKeyContext.Provider>
}

async function reconcile(config: SessionKeyConfig): Promise<void> {
  const { reconcileSessions } = await import('../actions/reconcileSessions.js')
  await reconcileSessions(config)
}
