'use client'
import { useId } from 'react'
import { getConnection } from '../../actions/createSessionKeyConfig.js'
import type { GrantPermissionsErrorType, GrantPermissionsParameters, GrantPermissionsReturnType } from '../../actions/grantPermissions.js'
import type { MutationParameter } from '../../react/mutationOptions.js'
import { useGrantPermissions } from '../../react/useGrantPermissions.js'
import { useSessionKey } from '../../react/useSessionKey.js'
import { useSessionKeyConfig, type ConfigParameter } from '../../react/useSessionKeyConfig.js'
import type { Session } from '../../sessions/session.js'
import { errorWords } from '../errorWords.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'

export type GrantButtonState = 'idle' | 'waiting' | 'busy' | 'failed' | 'granted'

export type UseGrantButtonParameters = ConfigParameter &
  MutationParameter<GrantPermissionsReturnType, GrantPermissionsErrorType, GrantPermissionsParameters> & {
    /** What to ask for: a definition, with all that `useGrantPermissions` takes. */
    session: GrantPermissionsParameters
    messages?: Partial<UiMessages> | undefined
  }

export type UseGrantButtonReturnType = {
  state: GrantButtonState
  grant: () => void
  /** The live session, where there is one. */
  session: Session | undefined
  error: GrantPermissionsErrorType | undefined
  /** What went wrong, in words. */
  problem: string | undefined
  /** What a button in this state says; undefined where it is yours to say. */
  label: string | undefined
  /** What makes a button this one. It keeps the focus: it is never disabled, and a second press while the wallet is asked does nothing. */
  buttonProps: { type: 'button'; onClick: () => void; 'aria-disabled': true | undefined; 'aria-describedby': string | undefined }
  problemId: string
}

/** Asking for a session, for a button of your own. */
export function useGrantButton({ session: wanted, mutation, messages: given, ...parameters }: UseGrantButtonParameters): UseGrantButtonReturnType {
  const config = useSessionKeyConfig(parameters)
  const messages = useMessages(given)
  const current = useSessionKey({ config, session: wanted })
  const { mutate, isPending, error } = useGrantPermissions({ config, mutation })
  const problemId = useId()
  const granted = current.status === 'active' && !current.outdated
  const state: GrantButtonState = isPending ? 'waiting' : granted ? 'granted' : error?.name === 'WalletBusyError' ? 'busy' : error ? 'failed' : 'idle'
  const done = state === 'waiting' || state === 'granted'
  const grant = () => {
    if (!done) mutate(wanted)
  }
  const chainId = wanted.chainId ?? getConnection(config)?.chainId
  const problem = error && !done ? errorWords(error, messages, { chain: config.wagmi.chains.find(({ id }) => id === chainId)?.name }) : undefined
  return {
    state,
    grant,
    session: granted ? current.session : undefined,
    error: error ?? undefined,
    problem,
    label: state === 'waiting' ? messages.grantWaiting : state === 'granted' ? messages.granted : state === 'busy' ? messages.grantAgain : undefined,
    buttonProps: { type: 'button', onClick: grant, 'aria-disabled': done || undefined, 'aria-describedby': problem === undefined ? undefined : problemId },
    problemId,
  }
}
