import type { SessionKeyConfig } from 'react-session-keys'
import { getSessionKey, type Session } from 'react-session-keys/actions'
import type { Address } from 'viem'
import { SessionChangedError } from '../../../src/sessions/errors.js'
import type { NewSession } from '../../../src/sessions/openSession.js'
import { isKeyless } from '../../../src/sessions/session.js'
import { transitions } from '../../../src/sessions/status.js'
import { createRandom } from '../random.js'

export type StormParameters = {
  /** Signs what this tab writes. */
  tab: string
  seed: number
  operations: number
}

/** What a tab was told: everything in here must be true of the store when the storm is over. */
export type StormLog = {
  created: { id: string; address: Address; mark: string }[]
  /** `rev` is what it became; `mark` was written with it, `onMark` was there before. */
  changed: { id: string; rev: number; mark: string | undefined; onMark: string | undefined }[]
  /** Changes that came second, and were told so. */
  refused: number
  reads: number
  /** What must not happen. */
  problems: string[]
}

/** How much of an app happens at once. */
const lanes = 4
/** Of the newest sessions: few enough that the tabs get in each other's way. */
const contested = 30

/** Creates, changes and reads sessions at random, several at once, as fast as it goes. */
export async function storm(config: SessionKeyConfig, account: Address, { tab, seed, operations }: StormParameters): Promise<StormLog> {
  const random = createRandom(seed)
  const log: StormLog = { created: [], changed: [], refused: 0, reads: 0, problems: [] }
  const { sessions: book } = config
  const mine = new Set<string>()
  const written = new Map<string, number>()
  let started = 0

  /** `least`: what this tab had written when it began to read. */
  function seen({ id, rev }: Session, least = written.get(id) ?? 0) {
    log.reads += 1
    if (rev < least) log.problems.push(`${tab} wrote revision ${least} of ${id}, and then read ${rev}`)
  }

  async function create(mark: string) {
    const { id, address } = await book.open(newSession(account, mark), { lifetimeSeconds: 86_400 })
    mine.add(id)
    log.created.push({ id, address, mark })
  }

  async function change(mark: string, one: Session) {
    // What is on the screen may be old; what the store says, too, a moment later.
    const session = random() < 0.5 ? one : await book.get(one.id)
    if (!session) return void log.problems.push(`${one.id} is gone`)
    // One that is being made is its maker's alone: the kit holds a lock meanwhile.
    if (session.rev === 0 && !mine.has(session.id)) return seen(session)
    // Seldom for good, so that there is something left to do. What has lost its key on purpose does not come back.
    const possible = transitions[session.status].filter((status) => (status === 'purged' ? random() < 0.1 : !isKeyless(session)))
    const status = possible[Math.floor(random() * possible.length)]
    if (!status) return seen(session)
    try {
      const { id, rev } = await book.transition(session, status, { problem: mark, revocation: status === 'revoked' && random() < 0.5 ? { elsewhere: true } : undefined })
      written.set(id, Math.max(rev, written.get(id) ?? 0))
      log.changed.push({ id, rev, mark, onMark: session.problem })
    } catch (error) {
      if (!(error instanceof SessionChangedError)) throw error
      log.refused += 1
    }
  }

  async function read(one: Session | undefined) {
    const kind = random()
    if (kind < 0.4) {
      const { session } = getSessionKey(config, { session: 'storm' })
      return session ? seen(session) : undefined
    }
    if (kind < 0.8 && one) {
      const least = written.get(one.id)
      const session = await book.get(one.id)
      return session ? seen(session, least) : void log.problems.push(`${one.id} is gone`)
    }
    const newest = await book.find({ account, limit: 10 })
    log.reads += newest.length
  }

  async function lane() {
    while (started < operations) {
      started += 1
      const mark = `${tab}-${started}`
      const kind = random()
      // Mostly of those that something can still happen to.
      const ended = random() < 0.2
      const sessions = book.ofAccount(account).sessions.filter((session) => session.name === 'storm' && (ended || !isKeyless(session)))
      const one = sessions[Math.floor(random() * Math.min(contested, sessions.length))]
      try {
        if (kind < 0.12 || !one) await create(mark)
        else if (kind < 0.6) await change(mark, one)
        else await read(one)
      } catch (error) {
        log.problems.push(`${mark}: ${String(error).split('\n')[0]}`)
      }
    }
  }

  await book.load(account)
  await Promise.all(Array.from({ length: lanes }, lane))
  return log
}

/** As it is before a wallet is asked. Nothing of it was granted. */
export function newSession(account: Address, mark: string): NewSession {
  const expiry = Math.floor(Date.now() / 1000) + 86_400
  return {
    id: crypto.randomUUID(),
    name: 'storm',
    permissionsHash: `0x${'0'.repeat(64)}`,
    dialect: 'erc7715',
    origin: location.origin,
    chainId: 31_337,
    account,
    asked: { permissions: [], expiry },
    expiry,
    problem: mark,
  }
}
