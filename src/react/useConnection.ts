'use client'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { getConnection, type Connection, type SessionKeyConfig } from '../actions/createSessionKeyConfig.js'

export type ConnectionInUse = Pick<Connection, 'account' | 'chainId'> & { connectorUid: string }

/** The connected account and chain. wagmi 2 and 3 name their own hooks for this differently; the state is the same. */
export function useConnection(config: SessionKeyConfig): ConnectionInUse | undefined {
  const subscribe = useCallback((listener: () => void) => config.wagmi.subscribe((state) => state, listener), [config])
  const text = useSyncExternalStore(
    subscribe,
    () => connectionText(config),
    () => '',
  )
  return useMemo(() => {
    const [account, chainId, connectorUid = ''] = text.split(':')
    return account ? { account: account as Connection['account'], chainId: Number(chainId), connectorUid } : undefined
  }, [text])
}

/** A snapshot must be the same value while nothing changed. */
function connectionText(config: SessionKeyConfig): string {
  const connection = getConnection(config)
  return connection ? `${connection.account}:${connection.chainId}:${connection.connector.uid}` : ''
}
