'use client'
import { createContext, useContext, useMemo, type ReactElement, type ReactNode } from 'react'
import { mergeMessages, uiMessages, type UiMessages } from './messages.js'

const MessagesContext = createContext<UiMessages>(uiMessages)

export type MessagesProviderProps = {
  /** A language (`react-session-keys/locales/ar`), or some words over those of the provider above. */
  messages: Partial<UiMessages>
  children?: ReactNode
}

/** The words of every component below it. A component's own `messages` go over them. */
export function MessagesProvider({ messages, children }: MessagesProviderProps): ReactElement {
  return <MessagesContext.Provider value={useMessages(messages)}>{children}</MessagesContext.Provider>
}

/** The nearest provider's words, with what a component was given over them. Without a provider: English. */
export function useMessages(given?: Partial<UiMessages>): UiMessages {
  const provided = useContext(MessagesContext)
  return useMemo(() => mergeMessages(given, provided), [given, provided])
}
