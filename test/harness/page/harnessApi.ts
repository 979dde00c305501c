import type { Address, Hash, Hex } from 'viem'
import type { SessionKeyState } from '../../../src/actions/getSessionKey.js'
import type { SessionStatus } from '../../../src/sessions/status.js'
import type { PagePlace } from './readPage.js'
import type { SeedOfVersion1 } from './version1.js'

/** What `/harness.json` says: the chain, and the contracts on it. */
export type HarnessInfo = { chainId: number; sword: Address; gold: Address }

/** A stored session, without what cannot leave the page. */
export type SessionView = {
  id: string
  rev: number
  /** As it is stored. */
  status: SessionStatus
  /** As the app sees it: `getSessionKey`. */
  shown: SessionKeyState['status']
  name: string
  account: Address
  address: Address
  contexts: readonly Hex[]
}

/** What a test does in the page: `page.evaluate(() => window.harness.grant())`. Errors pass as they are thrown. */
export type Harness = {
  /** The connected account. */
  account: Address
  grant(name?: string): Promise<SessionView>
  /** Grants one session after another until the page ends. Returns at once. */
  grantForever(): void
  /** Grants and revokes, one session after another, until the page ends. Returns at once. */
  revokeForever(): void
  /** Mints as many swords, as one. */
  mint(swords: number, name?: string): Promise<Hash>
  revoke(id: string): Promise<void>
  /** What an app does when it starts again. */
  reconcile(): Promise<void>
  sessions(): Promise<SessionView[]>
  /** One signature of each session key, in the order of the addresses; what a key that does not sign says, in its place. */
  sign(addresses: readonly Address[], message: string): Promise<({ signature: Hex } | { problem: string })[]>
  /** Leaves a database of the first layout behind, under this name. */
  writeVersion1(store: string, seeds: readonly SeedOfVersion1[]): Promise<void>
  /** Begins to open a store of this name, as an app does that starts. Returns at once. */
  openStore(store: string): void
  /** What became of each press of a button, in order: `sendSessionCalls: success`, or the error's name. */
  settled(): Promise<string[]>
  /** Everything that can be read in the page, by place. Needs the spy. */
  read(): Promise<Record<PagePlace, string[]>>
  /** Puts a text, or bytes, into a place, so that reading it can be seen to find it. */
  plant(place: PagePlace, secret: string | Uint8Array): Promise<void>
}

declare global {
  interface Window {
    harness: Harness
    /** Why there is no harness. */
    harnessFailure?: string
    /** Where the page is spied on (`spyOnPage.ts`): hears of each secret. */
    reportSecret(hex: string): void
    /** There, too: what the page said to the console, and to other tabs, windows and workers. */
    said: { console: unknown[][]; messages: unknown[] }
  }
}
