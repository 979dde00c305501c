import type { UiMessages } from './messages.js'
import type { ErrorFacts, ErrorName } from './sessionMessages.js'

/** A whole language: every word of the components and of the descriptions, every error that has words, its locale and its direction. */
export type Locale = UiMessages & { errors: { readonly [name in ErrorName]: (facts: ErrorFacts) => string } }
