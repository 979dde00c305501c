'use client'
import { useMutation } from '@tanstack/react-query'
import type { SessionKeyConfig } from '../../actions/createSessionKeyConfig.js'
import type { SessionDefinition } from '../../permissions/defineSession.js'
import type { Session } from '../../sessions/session.js'
import { endedStatuses } from '../../sessions/status.js'

export type UseRenewalParameters = {
  config: SessionKeyConfig
  session: Session | undefined
  /** What to ask for. */
  definition?: SessionDefinition | undefined
  /** In place of asking for `definition`. */
  onRenew?: ((session: Session) => void | Promise<unknown>) | undefined
}

export type UseRenewalReturnType = { renew: (() => void) | undefined; isRenewing: boolean; renewError: Error | undefined; resetRenewal: () => void }

/** Asks for a session's terms anew; the old grant is ended once the new one is there. */
export function useRenewal({ config, session, definition, onRenew }: UseRenewalParameters): UseRenewalReturnType {
  const { mutate, isPending, error, reset } = useMutation<unknown, Error, Session>({
    mutationKey: ['renewSession'],
    mutationFn: async (old) => {
      if (onRenew) return onRenew(old)
      if (!definition) return undefined
      // There is nothing to end of one that has ended.
      if (endedStatuses.includes(old.status)) return (await import('../../actions/grantPermissions.js')).grantPermissions(config, definition)
      return (await import('../../actions/renewSession.js')).renewSession(config, { ...definition, id: old.id })
    },
  })
  const possible = session !== undefined && (onRenew !== undefined || definition !== undefined)
  return {
    renew: possible ? () => !isPending && mutate(session) : undefined,
    isRenewing: isPending,
    renewError: error ?? undefined,
    resetRenewal: reset,
  }
}
