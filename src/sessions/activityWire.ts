import { isAddress, isHex, size, type Address, type Hash } from 'viem'
import * as v from 'valibot'
import type { PermissionUsage } from '../permissions/check.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { enrolledSchema, type EnrolledSession } from './enrolmentWire.js'
import { messageReader } from './messageReader.js'
import { callsMadeSchema } from './readAction.js'
import type { SessionId } from './session.js'
import type { CallMade } from './sessionAction.js'
import { permissionSchema } from './sessionSchema.js'

/**
 * What a browser asks a server about what it does for the user, and what it is told. One message is one POST of JSON, in which amounts are written as
 * `jsonText` does. Either side reads the other strictly.
 */
export type ActivityRequest =
  /** "What do you do with this session?" `usage`: and what is left of it; that reads the chain. */
  | ({ action: 'activity'; of: SessionNamed; usage?: boolean | undefined } & Page)
  /** "Which sessions of this account do you have?" */
  | ({ action: 'sessions'; account: Address } & Page)
  /** "How is all of it?" For operators. */
  | ({ action: 'overview' } & Page)

/** By its id, as the server has it; or the account's newest of a definition. */
export type SessionNamed = { id: SessionId; account: Address } | { session: string; chainId: number; account: Address }

/** `after` is what the page before ended with. */
type Page = { limit?: number | undefined; after?: string | undefined }

/** @see RunStatus of `react-session-keys/server/automation`, which says what each means */
export const serverRunStatuses = ['due', 'done', 'nothing', 'missed', 'over-budget', 'ended', 'failed'] as const
export type ServerRunStatus = (typeof serverRunStatuses)[number]

/** Something that the server did with a session, has to do, or could not do. */
export type ServerRun = {
  /** Unique in its session. */
  id: string
  /** The rule's name; of what the app had done without one, its name for it. */
  rule: string
  /** Which time of the rule. */
  period?: string | undefined
  status: ServerRunStatus
  /** Since when it might happen. */
  dueAt: UnixSeconds
  /** When it came to its status. */
  at?: UnixSeconds | undefined
  attempts: number
  /** The first of them. */
  calls: readonly CallMade[]
  /** How many more there were. */
  moreCalls?: number | undefined
  transactionHash?: Hash | undefined
  /** The name of the last error's class. `message` is for operators: it may quote a node. */
  error?: { name: string; message?: string | undefined } | undefined
}

/** The next time of a rule. */
export type ServerNextRun = {
  rule: string
  at: UnixSeconds
  /** Nothing happens until the rule, or the session, is resumed. */
  paused: boolean
  /** Whether it acts at that moment, or only looks then whether there is something to do. */
  looks: boolean
}

export type ServerJobs = { readonly [status in ServerRunStatus]: number }

/** A session as its server sees it, with the definition's name. */
export type ServerSessionSeen = EnrolledSession & { name: string }

/** As `GetPermissionUsageReturnType`: what the chain said is left of each permission. */
export type ServerUsage = {
  permissions: readonly (PermissionUsage & { permission: Permission; disabled: boolean; waiting?: boolean | undefined })[]
  counted: boolean
  revoked: boolean
  expired: boolean
  asOf: { blockNumber: bigint; timestamp: UnixSeconds }
}

export type ServerActivity = {
  /** Undefined where the server has none; then there is nothing else. */
  session?: ServerSessionSeen | undefined
  /** The newest first. */
  runs: readonly ServerRun[]
  /** There are older ones: ask for those after this. */
  after?: string | undefined
  /** The soonest first. */
  next: readonly ServerNextRun[]
  /** How many runs there are of each status. */
  jobs: ServerJobs
  /** Where it was asked for, and the chain answered. */
  usage?: ServerUsage | undefined
}

export type ServerSessions = {
  sessions: readonly { session: ServerSessionSeen; next: readonly ServerNextRun[]; jobs: ServerJobs }[]
  after?: string | undefined
}

export type ServerOverview = {
  /** Of all sessions. */
  jobs: ServerJobs
  next: readonly (ServerNextRun & { session: SessionId })[]
  /** Dead letters: tried as often as the rule says. The newest first. */
  failed: readonly (ServerRun & { session: SessionId })[]
  /** There are older dead letters. */
  after?: string | undefined
}

/** How much of a list one answer holds at most, and where nothing was said. */
export const mostListed = 100
export const usuallyListed = 20

const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const hash = v.custom<Hash>((value) => isHex(value) && size(value) === 32)
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const amount = v.pipe(v.bigint(), v.minValue(0n))
/** An app names its intents as it likes. */
const name = v.pipe(v.string(), v.maxLength(500))

const page = { limit: v.optional(v.pipe(count, v.minValue(1), v.maxValue(mostListed))), after: v.optional(v.pipe(v.string(), v.maxLength(2_000))) }
const named = v.union([v.strictObject({ id: name, account: address }), v.strictObject({ session: name, chainId: count, account: address })])

const request = v.variant('action', [
  v.strictObject({ action: v.literal('activity'), of: named, usage: v.optional(v.boolean()), ...page }),
  v.strictObject({ action: v.literal('sessions'), account: address, ...page }),
  v.strictObject({ action: v.literal('overview'), ...page }),
])

const run = {
  id: v.pipe(v.string(), v.maxLength(1_100)),
  rule: name,
  period: v.optional(name),
  status: v.picklist(serverRunStatuses),
  dueAt: count,
  at: v.optional(count),
  attempts: count,
  calls: callsMadeSchema,
  moreCalls: v.optional(count),
  transactionHash: v.optional(hash),
  error: v.optional(v.object({ name, message: v.optional(v.pipe(v.string(), v.maxLength(4_000))) })),
}
const next = { rule: name, at: count, paused: v.boolean(), looks: v.boolean() }
const jobs = v.object({ due: count, done: count, nothing: count, missed: count, 'over-budget': count, ended: count, failed: count })
const seen = v.object({ ...enrolledSchema.entries, name })
const list = <schema extends v.GenericSchema>(of: schema) => v.pipe(v.array(of), v.maxLength(mostListed))
const after = v.optional(v.string())

/** JSON leaves out what is not known. */
const callsLeft = v.pipe(
  v.object({ limit: count, left: v.optional(count), atOnce: v.optional(count) }),
  v.transform(({ limit, left, atOnce }) => ({ limit, left, atOnce })),
)

const usage = v.object({
  permissions: v.pipe(
    v.array(
      v.object({
        permission: permissionSchema,
        calls: v.optional(callsLeft),
        amount: v.optional(v.object({ limit: amount, left: amount })),
        disabled: v.boolean(),
        waiting: v.optional(v.boolean()),
      }),
    ),
    v.maxLength(mostListed),
  ),
  counted: v.boolean(),
  revoked: v.boolean(),
  expired: v.boolean(),
  asOf: v.object({ blockNumber: amount, timestamp: count }),
})

const activity = v.object({ session: v.optional(seen), runs: list(v.object(run)), after, next: list(v.object(next)), jobs, usage: v.optional(usage) })
const sessions = v.object({ sessions: list(v.object({ session: seen, next: list(v.object(next)), jobs })), after })
const overview = v.object({ jobs, next: list(v.object({ ...next, session: name })), failed: list(v.object({ ...run, session: name })), after })

/** Undefined for anything but exactly one. Never throws. */
export const readActivityRequest = messageReader<ActivityRequest>(request)
export const readServerActivity = messageReader<ServerActivity>(activity)
export const readServerSessions = messageReader<ServerSessions>(sessions)
export const readServerOverview = messageReader<ServerOverview>(overview)
