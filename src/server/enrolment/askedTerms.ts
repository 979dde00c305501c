import { isAddressEqual, type Address } from 'viem'
import { isFrameworkContract } from '../../delegation/framework.js'
import type { SessionDefinition } from '../../permissions/defineSession.js'
import { hashPermissions } from '../../permissions/hashPermissions.js'
import { resolveExpiry } from '../../permissions/expiry.js'
import type { UnixSeconds } from '../../permissions/permission.js'
import { resolveRequest, type ResolvedRequest } from '../../permissions/resolveRequest.js'
import { validatePermissions } from '../../permissions/validatePermissions.js'
import type { SessionWanted } from '../../sessions/enrolmentWire.js'
import { EnrolmentRefusedError } from './refusal.js'

/** Who asks, as the app's own authentication says. */
export type EnrolmentUser = {
  /** The app's name for the user; the key is made for it. */
  id: string
  /** The accounts that are known to be the user's (Sign-In with Ethereum). Left out: any account whose owner signs a grant to the user's key. */
  accounts?: readonly Address[] | undefined
}

export type DefinitionSource =
  | readonly SessionDefinition[]
  | ((wanted: { session: string; user: EnrolmentUser; account: Address; chainId: number }) => SessionDefinition | undefined | Promise<SessionDefinition | undefined>)

export type FindDefinitionParameters = { definitions: DefinitionSource; user: EnrolmentUser; wanted: SessionWanted; chainIds: readonly number[] }

/** The definition that is meant, where this user may be granted it. @throws {EnrolmentRefusedError} */
export async function findDefinition({ definitions, user, wanted, chainIds }: FindDefinitionParameters): Promise<SessionDefinition> {
  const { session, account, chainId, permissionsHash } = wanted
  if (user.accounts && !user.accounts.some((one) => isAddressEqual(one, account))) {
    throw new EnrolmentRefusedError('other-account', `${account} is not an account of this user.`)
  }
  const definition =
    typeof definitions === 'function' ? await definitions({ session, user, account, chainId }) : definitions.find(({ name = 'default' }) => name === session)
  if (!definition) throw new EnrolmentRefusedError('unknown-session', `This server knows no session "${session.slice(0, 60)}".`)
  if (!chainIds.includes(chainId) || (definition.chainId !== undefined && definition.chainId !== chainId)) {
    throw new EnrolmentRefusedError('other-chain', `This server does not act with "${session.slice(0, 60)}" on chain ${chainId}.`)
  }
  if (hashPermissions(definition.permissions) !== permissionsHash.toLowerCase()) {
    throw new EnrolmentRefusedError('other-definition', `The page and the server have different definitions of "${session.slice(0, 60)}": reload the page.`)
  }
  return definition
}

/** How long after the page has read the chain's time its grant may come, in seconds: a user may think about it. */
const longestAskingSeconds = 3_600
/** Nodes are some blocks apart. */
const slackSeconds = 60

/**
 * The most that a definition asks for by now: what begins "now" began not before the user can have been asked, and what lasts "3 days"
 * ends not later than 3 days from this moment.
 * @throws what a definition must never ask for: that is the app's defect, not the user's
 */
export function mostAsked(definition: SessionDefinition, { account, now }: { account: Address; now: UnixSeconds }): ResolvedRequest {
  if (typeof definition.expiry === 'number' && definition.expiry <= now) throw new EnrolmentRefusedError('expired', 'What is asked for has ended.')
  const expiry = resolveExpiry(definition.expiry, typeof definition.expiry === 'number' ? now : now + slackSeconds)
  const { permissions } = resolveRequest({ ...definition, expiry }, now - longestAskingSeconds)
  validatePermissions({ permissions, account, isEngineContract: isFrameworkContract })
  return { permissions, expiry }
}
