'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import type { Chain } from 'viem'
import type { GetPermissionUsageReturnType } from '../../actions/getPermissionUsage.js'
import type { ServerEndpoint } from '../../actions/serverEndpoint.js'
import type { SessionSelector } from '../../actions/getSessionKey.js'
import { defaultSessionName, type SessionDefinition } from '../../permissions/defineSession.js'
import { shortAddress, type DescribeOptions } from '../../permissions/description.js'
import type { PermissionMetadata } from '../../permissions/metadata.js'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import { getPermissionUsageQueryOptions } from '../../react/queryOptions.js'
import { useActivityOf, type UseServerActivityReturnType } from '../../react/useServerActivity.js'
import { useContractMetadata } from '../../react/useContractMetadata.js'
import { useHistoryOf, type SessionActivity } from '../../react/useHistoryOf.js'
import { useRefreshOnUse } from '../../react/useRefreshOnUse.js'
import { useSessionKeyConfig, type ConfigParameter } from '../../react/useSessionKeyConfig.js'
import { usablePermissions, type Session } from '../../sessions/session.js'
import type { SessionAction } from '../../sessions/sessionAction.js'
import { errorWords } from '../errorWords.js'
import type { UiMessages } from '../messages.js'
import { useMessages } from '../MessagesProvider.js'
import { shortMoment } from '../shortMoment.js'
import { nextReset } from '../usage-meter/describeUsage.js'
import { canEnd, renewalOf, type Renewal, type SessionCardState } from './sessionCardState.js'
import { isSession, useCardSession } from './useCardSession.js'
import { useEndSession, type EndPhase } from './useEndSession.js'
import { useRefetchOnRun } from './useRefetchOnRun.js'
import { useRenewal } from './useRenewal.js'

export type UseSessionCardParameters = ConfigParameter & {
  /** A definition, its name, the id of a stored session, or a stored session itself, of whatever account. */
  session?: SessionSelector | Session | undefined
  /** What to ask for when it is renewed. Default: `session`, where that is a definition. With `server` only `onRenew` renews: `useServerSession`’s `mutateAsync`. */
  definition?: SessionDefinition | undefined
  /** What renewing does, in place of asking for the definition. */
  onRenew?: ((session: Session) => void | Promise<unknown>) | undefined
  /** Where the app's server has `createStatusHandler(…).handler`: what it did with the session is shown too, and what it does next. */
  server?: ServerEndpoint | undefined
  /** Names, symbols and decimals. Default: read from the chain. */
  metadata?: PermissionMetadata | undefined
  /** Of numbers and dates. Default: the language of the messages. */
  locale?: string | undefined
  timeZone?: string | undefined
  messages?: Partial<UiMessages> | undefined
}

export type UseSessionCardReturnType = {
  state: SessionCardState
  session: Session | undefined
  /** The definition's name; undefined where it has none. */
  name: string | undefined
  /** What the state means and what to do, in a sentence or two. */
  explanation: string
  outdated: boolean
  /** What it may do; before it was granted: what was asked. */
  permissions: readonly Permission[]
  /** What is left, from the chain; undefined while it is not known. */
  usage: GetPermissionUsageReturnType | undefined
  isReadingUsage: boolean
  /** In ms of this device's clock: as far as its history goes back, or on this page. */
  lastUsed: number | undefined
  /** What it did, the newest first. */
  activity: SessionActivity
  /** What the app's server says it did; undefined where no `server` is given. */
  server: UseServerActivityReturnType | undefined
  chain: Chain | undefined
  canEnd: boolean
  phase: EndPhase
  /** The first press and the second, and the way back. */
  askToEnd: () => void
  keep: () => void
  end: () => void
  /** Why renewing is offered; undefined where it is not. */
  renewal: Renewal | undefined
  renew: (() => void) | undefined
  isRenewing: boolean
  /** Asks wallet and chain again what became of the request; only where that is not known. */
  checkAgain: (() => void) | undefined
  isChecking: boolean
  /** What went wrong with the last thing that was tried, in words, and the error. */
  problem: string | undefined
  error: Error | undefined
  /** For describing permissions as the card does. */
  describe: Omit<DescribeOptions, 'messages'>
  messages: UiMessages
}

/** All that a session's card knows and does, for markup of your own. */
export function useSessionCard(parameters: UseSessionCardParameters = {}): UseSessionCardReturnType {
  const config = useSessionKeyConfig(parameters)
  const { session: wanted, locale, timeZone, onRenew, metadata: givenMetadata } = parameters
  const definition = parameters.definition ?? (typeof wanted === 'object' && !isSession(wanted) ? wanted : undefined)
  const messages = useMessages(parameters.messages)
  const { session, state, outdated } = useCardSession(config, wanted, definition)

  const readable = state === 'active' || state === 'exhausted' ? session?.id : undefined
  const usageOptions = getPermissionUsageQueryOptions(config, { id: readable })
  useRefreshOnUse(config, readable, usageOptions.queryKey, (usage) => usage)
  const { data: usage, isPending, isError } = useQuery(usageOptions)
  const { data: readMetadata } = useContractMetadata({
    config,
    chainId: session?.chainId,
    permissions: session?.asked.permissions,
    query: { enabled: givenMetadata === undefined },
  })
  const activity = useHistoryOf(config, session?.id)
  const lastUsed = latest(useLastUse(config.sessions, session?.id), activity.actions.find(mayHaveHappened)?.at)

  const served = useActivityOf(config, { endpoint: parameters.server, session })
  useRefetchOnRun(readable, served.runs)

  const ending = useEndSession({ config, id: session?.id })
  // One that a server acts with cannot be asked for as one with a key of this browser.
  const renewing = useRenewal({ config, session, definition: parameters.server === undefined ? definition : undefined, onRenew })
  const checking = useMutation({ mutationKey: ['reconcileSessions'], mutationFn: async () => (await import('../../actions/reconcileSessions.js')).reconcileSessions(config) })

  const chain = config.wagmi.chains.find(({ id }) => id === session?.chainId)
  const knownTime = usage?.asOf.timestamp ?? (session && Math.floor(session.updatedAt / 1000))
  const describe = {
    metadata: givenMetadata ?? readMetadata,
    nativeCurrency: chain?.nativeCurrency,
    locale: locale ?? messages.locale,
    timeZone,
    now: knownTime,
    expiry: session?.expiry,
  }
  const renewal = renewing.renew && renewalOf(state, outdated)
  const error = ending.error ?? renewing.renewError ?? checking.error ?? undefined
  const unsettled = checking.isSuccess && state === 'unknown' ? messages.stillUnconfirmed : undefined
  return {
    state,
    session,
    name: session && session.name !== defaultSessionName ? untrustedText(session.name, 80) : undefined,
    explanation: messages.sessionExplained[state](factsOf(session, usage, { ...describe, messages })),
    outdated,
    permissions: session ? (session.granted.length > 0 ? usablePermissions(session) : session.asked.permissions) : [],
    usage,
    isReadingUsage: readable !== undefined && isPending && !isError,
    lastUsed,
    activity,
    server: parameters.server === undefined ? undefined : served,
    chain,
    canEnd: canEnd(state, session),
    phase: ending.phase,
    askToEnd() {
      renewing.resetRenewal()
      ending.ask()
    },
    keep: ending.keep,
    end: ending.end,
    renewal,
    renew: renewal && renewing.renew,
    isRenewing: renewing.isRenewing,
    checkAgain: state === 'unknown' ? () => !checking.isPending && checking.mutate() : undefined,
    isChecking: checking.isPending,
    problem: error ? errorWords(error, messages, { chain: chain?.name, account: session && shortAddress(session.account) }) : unsettled,
    error,
    describe,
    messages,
  }
}

function factsOf(session: Session | undefined, usage: GetPermissionUsageReturnType | undefined, options: DescribeOptions & { messages: UiMessages }) {
  if (!session) return { account: '', key: '' }
  const now = usage?.asOf.timestamp
  const renews = now === undefined ? undefined : firstReset(session, now)
  return {
    account: shortAddress(session.account),
    key: shortAddress(session.address),
    renews: renews !== undefined && now !== undefined ? shortMoment(renews, now, options) : undefined,
    problem: untrustedText(session.problem, 200),
  }
}

function firstReset(session: Session, now: UnixSeconds): UnixSeconds | undefined {
  const resets = usablePermissions(session).flatMap((permission) => nextReset(permission, { now, expiry: session.expiry }) ?? [])
  return resets.length > 0 ? Math.min(...resets) : undefined
}

/** What was refused, or failed, used nothing. */
function mayHaveHappened({ outcome: { status } }: SessionAction): boolean {
  return status === 'done' || status === 'sent' || status === 'unknown'
}

/** A history that could not be written is behind what this page has seen. */
function latest(...moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((moment) => moment !== undefined)
  return known.length > 0 ? Math.max(...known) : undefined
}

type Uses = { onUse(listener: () => void): () => void; lastUse(id: string): number | undefined }

function useLastUse(book: Uses, id: string | undefined): number | undefined {
  return useSyncExternalStore(
    useCallback((changed) => book.onUse(changed), [book]),
    () => (id === undefined ? undefined : book.lastUse(id)),
    () => undefined,
  )
}
