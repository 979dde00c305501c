import type { UiMessages } from './messages.js'
import type { ErrorFacts } from './sessionMessages.js'

/** An error in the user's words; one that has none speaks for itself. */
export function errorWords(error: Error, messages: UiMessages, facts: ErrorFacts = {}): string {
  const words = messages.errors[error.name]
  const { shortMessage = error.message } = error as { shortMessage?: string }
  return words ? words(facts) : messages.errorOther(shortMessage)
}
