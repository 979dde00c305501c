import { useSessionKeyConfig } from 'react-session-keys'
import { useCallback, useSyncExternalStore } from 'react'

const storageKey = 'forge.confirmations-asked'

/** How many different questions the wallet has put before the player in this tab, reloads included. */
export function useConfirmations(): number {
  const { consent } = useSessionKeyConfig()
  const subscribe = useCallback(
    (listener: () => void) =>
      consent.subscribe(() => {
        count(consent.getSnapshot()?.id)
        listener()
      }),
    [consent],
  )
  return useSyncExternalStore(subscribe, asked)
}

let lastSeen: string | undefined

function count(id: string | undefined) {
  if (id === undefined || id === lastSeen) return
  lastSeen = id
  sessionStorage.setItem(storageKey, String(asked() + 1))
}

function asked(): number {
  return Number(sessionStorage.getItem(storageKey) ?? 0)
}
