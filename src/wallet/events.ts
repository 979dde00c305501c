import type { Address, Hex } from 'viem'

/** @see EIP-1193 */
export type WalletEvents = {
  accountsChanged: (accounts: Address[]) => void
  chainChanged: (chainId: Hex) => void
  connect: (info: { chainId: Hex }) => void
  disconnect: (error: Error) => void
  message: (message: { type: string; data: unknown }) => void
}

type EventName = keyof WalletEvents

export type WalletEmitter = {
  on<event extends EventName>(event: event, listener: WalletEvents[event]): void
  removeListener<event extends EventName>(event: event, listener: WalletEvents[event]): void
  emit<event extends EventName>(event: event, ...args: Parameters<WalletEvents[event]>): void
}

export function createWalletEmitter(): WalletEmitter {
  const listeners = new Map<EventName, Set<(...args: never[]) => void>>()
  return {
    on(event, listener) {
      const those = listeners.get(event) ?? new Set()
      listeners.set(event, those.add(listener))
    },
    removeListener(event, listener) {
      listeners.get(event)?.delete(listener)
    },
    emit(event, ...args) {
      for (const listener of [...(listeners.get(event) ?? [])]) {
        try {
          listener(...(args as unknown as never[]))
        } catch (error) {
          // A listener's failure is its own: the request that caused the event has succeeded.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}
