/** Lets the session make calls; `said` is the sentence for when they are in a block. */
export type Send = (label: string, calls: readonly unknown[], said: string) => void
