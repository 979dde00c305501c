'use client'
import { createContext, useContext } from 'react'
import type { SessionCardState } from './sessionCardState.js'
import type { EndPhase } from './useEndSession.js'
import { SessionKeyCardDataAttributes as data } from './SessionKeyCardDataAttributes.js'
import type { UseSessionCardReturnType } from './useSessionCard.js'

export type SessionCardInContext = UseSessionCardReturnType & { titleId: string }

export const SessionCardContext = createContext<SessionCardInContext | undefined>(undefined)

export function useCard(): SessionCardInContext {
  const card = useContext(SessionCardContext)
  if (!card) throw new Error('This part stands outside of a SessionKeyCard. Put it inside: <SessionKeyCard>…</SessionKeyCard>.')
  return card
}

/** What `className`, `style` and `render` of each part are told. */
export type SessionKeyCardPartState = { state: SessionCardState; phase: EndPhase }

export function partStateOf({ state, phase }: Pick<UseSessionCardReturnType, 'state' | 'phase'>): SessionKeyCardPartState {
  return { state, phase }
}

export function partDataOf({ state, phase }: Pick<UseSessionCardReturnType, 'state' | 'phase'>) {
  return { [data.state]: state, [data.phase]: phase }
}
