import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useReducer } from 'react'
import { CallRefusedError, SessionCallRevertedError, SessionNotFoundError } from 'react-session-keys'
import { UserRejectedRequestError, type BaseError, type Hash } from 'viem'

/** Something the player did, and what came of it. */
export type Activity = {
  id: number
  label: string
  /** How many calls went as one; none for what is not a transaction of the session. */
  calls?: number | undefined
  outcome?: Outcome | undefined
}

type Result = { ok: true; text: string; transaction?: Transaction | undefined } | { ok: false; refusal: RefusalText }
/** `order`: the newest is the highest. */
export type Outcome = Result & { order: number }

export type Transaction = { hash: Hash; blockNumber: bigint; gasUsed: bigint }

export type RefusalText = { by: 'our check' | 'the chain' | 'you' | undefined; name: string; text: string }

export type Run = (activity: { label: string; calls?: number }, work: () => Promise<{ text: string; transaction?: Transaction | undefined }>) => Promise<void>

type State = { activities: readonly Activity[]; settled: number; dismissed: number }
type Action = { type: 'begin'; activity: Activity } | { type: 'settle'; id: number; result: Result } | { type: 'dismiss' }

function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'begin':
      return { ...state, activities: [action.activity, ...state.activities].slice(0, 50) }
    case 'settle': {
      const order = state.settled + 1
      const outcome: Outcome = { ...action.result, order }
      const activities = state.activities.map((activity) => (activity.id === action.id ? { ...activity, outcome } : activity))
      return { ...state, activities, settled: order }
    }
    case 'dismiss':
      return { ...state, dismissed: state.settled }
    default:
      return action satisfies never
  }
}

let lastId = 0

/** What was done, newest first, and the latest outcome to show. Several may be under way at once. */
export function useActivities() {
  const client = useQueryClient()
  const [{ activities, dismissed }, dispatch] = useReducer(reduce, { activities: [], settled: 0, dismissed: 0 })

  const run: Run = useCallback(
    async (activity, work) => {
      const id = (lastId += 1)
      dispatch({ type: 'begin', activity: { ...activity, id } })
      try {
        dispatch({ type: 'settle', id, result: { ok: true, ...(await work()) } })
      } catch (error) {
        dispatch({ type: 'settle', id, result: { ok: false, refusal: refusalText(error as Error) } })
      }
      await client.invalidateQueries()
    },
    [client],
  )

  const settled = activities.filter(({ outcome }) => outcome && outcome.order > dismissed)
  const latest = settled.sort((a, b) => (b.outcome?.order ?? 0) - (a.outcome?.order ?? 0))[0]
  const pending = activities.filter(({ outcome }) => !outcome)
  return { activities, latest, pending, run, dismiss: useCallback(() => dispatch({ type: 'dismiss' }), []) }
}

function refusalText(error: Error): RefusalText {
  return { by: refusedBy(error), name: error.name, text: (error as BaseError).shortMessage ?? error.message }
}

function refusedBy(error: Error): RefusalText['by'] {
  if (error instanceof CallRefusedError) return error.by === 'chain' ? 'the chain' : 'our check'
  if (error instanceof SessionCallRevertedError) return 'the chain'
  if (error instanceof SessionNotFoundError) return 'our check'
  if (error instanceof UserRejectedRequestError) return 'you'
  return undefined
}
