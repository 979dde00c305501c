import type { Chain, Client } from 'viem'
import type { Dialect } from '../dialects/dialect.js'
import type { SessionBook } from '../sessions/sessionBook.js'
import type { UsageLedger } from './usageLedger.js'

/** As much of a config as it takes to check calls and to count them: an app's with wagmi, or a server's without. */
export type ActingConfig = {
  /** Where each chain is asked. On a server there is no wagmi, and its own clients stand here. */
  readonly wagmi: {
    readonly chains: readonly Chain[]
    getClient(parameters: { chainId: number }): Client
  }
  readonly sessions: SessionBook
  readonly usage: UsageLedger
  /** Of an app's own; those of the kit are known by their ids. */
  readonly dialect: string | Dialect | undefined
}
