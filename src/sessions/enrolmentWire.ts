import { isAddress, isHex, size, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { messageReader } from './messageReader.js'
import { permissionSchema } from './sessionSchema.js'
import { transitions, type SessionStatus } from './status.js'

/**
 * What a browser and a server say to each other about a session that the server acts with. One message is one POST of JSON, in which
 * amounts are written as `jsonText` does. Either side reads the other strictly.
 */
export type EnrolmentRequest =
  /** "Which address shall I grant to?" */
  | ({ action: 'address' } & SessionWanted)
  /** "Here is what was granted." */
  | ({ action: 'enrol'; granted: readonly WireGrant[]; expiry: UnixSeconds } & SessionWanted)
  /** "What do you have of mine?" */
  | ({ action: 'status' } & SessionWanted)

/** Which session: the definition's name, on a chain, of an account. */
export type SessionWanted = {
  session: string
  chainId: number
  account: Address
  /** The browser's definition, to find out where the two sides were built from different ones. */
  permissionsHash: Hex
}

/** A permission, and the signed delegation that says the same. */
export type WireGrant = { permission: Permission; context: Hex; delegationManager: Address }

/** The address to grant to. */
export type AddressOffer = { address: Address; session: string; chainId: number; account: Address; permissionsHash: Hex }

/** A session as its server sees it. */
export type EnrolledSession = { id: string; status: SessionStatus; address: Address; account: Address; chainId: number; expiry: UnixSeconds }

/** `session` is undefined where the server has none. */
export type EnrolmentStatus = { session?: EnrolledSession | undefined }

/** Why a server says no. `reason` is for code, `message` for people. */
export type EnrolmentFault = { error: { name: string; reason?: string | undefined; message: string } }

const address = v.custom<Address>((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const bytes32 = v.custom<Hex>((value) => isHex(value) && size(value) === 32)
/** The largest context that a wallet has answered with had some 8 000 characters. */
const context = v.custom<Hex>((value) => isHex(value) && value.length % 2 === 0 && value.length <= 100_000)
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const name = v.pipe(v.string(), v.maxLength(200))

const wanted = { session: name, chainId: seconds, account: address, permissionsHash: bytes32 }

const request = v.variant('action', [
  v.strictObject({ action: v.literal('address'), ...wanted }),
  v.strictObject({
    action: v.literal('enrol'),
    ...wanted,
    granted: v.pipe(v.array(v.strictObject({ permission: permissionSchema, context, delegationManager: address })), v.minLength(1), v.maxLength(50)),
    expiry: seconds,
  }),
  v.strictObject({ action: v.literal('status'), ...wanted }),
])

/** A session as its server sees it; nothing else of it leaves the server. */
export const enrolledSchema = v.object({
  id: name,
  status: v.picklist(Object.keys(transitions) as [SessionStatus, ...SessionStatus[]]),
  address,
  account: address,
  chainId: seconds,
  expiry: seconds,
})

const offer = v.object({ address, ...wanted })
const status = v.object({ session: v.optional(enrolledSchema) })
const fault = v.object({ error: v.object({ name, reason: v.optional(name), message: v.pipe(v.string(), v.maxLength(2_000)) }) })

/** Undefined for anything but exactly one. Never throws. */
export const readEnrolmentRequest = messageReader<EnrolmentRequest>(request)
export const readAddressOffer = messageReader<AddressOffer>(offer)
export const readEnrolledSession = messageReader<EnrolledSession>(enrolledSchema)
export const readEnrolmentStatus = messageReader<EnrolmentStatus>(status)
export const readEnrolmentFault = messageReader<EnrolmentFault>(fault)
