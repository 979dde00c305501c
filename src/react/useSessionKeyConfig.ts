'use client'
import { useContext } from 'react'
import type { SessionKeyConfig } from '../actions/createSessionKeyConfig.js'
import { SessionKeyError } from '../errors/SessionKeyError.js'
import { SessionKeyContext } from './SessionKeyProvider.js'

export class SessionKeyProviderNotFoundError extends SessionKeyError {
  override readonly name = 'SessionKeyProviderNotFoundError'
  constructor() {
    super('No SessionKeyProvider above this component.', {
      metaMessages: ['Wrap the app: <WagmiProvider><QueryClientProvider><SessionKeyProvider>…'],
    })
  }
}

export type ConfigParameter = {
  /** Default: the one of the nearest SessionKeyProvider. */
  config?: SessionKeyConfig | undefined
}

/** @throws {SessionKeyProviderNotFoundError} */
export function useSessionKeyConfig({ config }: ConfigParameter = {}): SessionKeyConfig {
  const provided = useContext(SessionKeyContext)
  const found = config ?? provided
  if (!found) throw new SessionKeyProviderNotFoundError()
  return found
}
