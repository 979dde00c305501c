import type { Address, Hash, Hex } from 'viem'
import type { SessionKeyState } from '../../../src/actions/getSessionKey.js'
import type { DurationParts } from '../../../src/permissions/expiry.js'
import type { SessionStatus } from '../../../src/sessions/status.js'
import type { PagePlace } from './readPage.js'
import type { StormLog, StormParameters } from './storm.js'
import type { StoreTimes } from './timeStore.js'
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

export type StoredView = SessionView & {
  /** What the storm wrote last. */
  mark: string | undefined
  /** Its key is to be gone. */
  keyless: boolean
}

export type Signed = { signature: Hex } | { problem: string }

export type ShownSession = Pick<SessionView, 'id' | 'rev' | 'status'>
export type Picture = {
  /** `useSessionKeys` */
  list: readonly ShownSession[]
  /** `useSessionKey` */
  hook: { status: string; id: string | undefined; rev: number | undefined }
  /** `getSessionKey` */
  key: { status: string; id: string | undefined; rev: number | undefined }
}

/** What a test does in the page: `page.evaluate(() => window.harness.grant())`. Errors pass as they are thrown. */
export type Harness = {
  /** The connected account. */
  account: Address
  grant(name?: string, lasting?: DurationParts): Promise<SessionView>
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
  /** A signature of `proof` by each session key, in the order of the addresses; what a key that does not sign says, in its place. */
  sign(addresses: readonly Address[], store?: string): Promise<Signed[]>
  /** Leaves a database of the first layout behind, under this name. */
  writeVersion1(store: string, seeds: readonly SeedOfVersion1[]): Promise<void>
  /** The same, with so many live and ended sessions of so many accounts, the connected one among them. */
  writeThousands(store: string, counts: { accounts: number; perAccount: number }): Promise<void>
  /** How long a store of that name takes, in ms: opened anew each time, by an app that starts and looks for its session. */
  timeStore(store: string, rounds: number, perPage?: number): Promise<StoreTimes>
  /** How often the components that show sessions were rendered. */
  renders(): Promise<number>
  /** Changes one session of each of so many other accounts, in the page's own store; says how many. */
  changeOthers(accounts: number): Promise<number>
  /** Changes the connected account's live session. */
  changeOwn(): Promise<void>
  /** Begins to open a store of this name, as an app does that starts. Returns at once. */
  openStore(store: string): void
  /** Creates, changes and reads sessions at random, as fast as it goes; resolves with what this tab was told. */
  storm(parameters: StormParameters): Promise<StormLog>
  /** What the store holds: every session. */
  stored(): Promise<StoredView[]>
  /** What the hooks rendered last, and `getSessionKey` says now, of the storm's sessions. */
  picture(): Promise<Picture>
  /** Makes a session in a store of its own, which may be a new one, and says its key's address. */
  createIn(store: string): Promise<Address>
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
