import type { Address } from 'viem'
import * as v from 'valibot'
import type { ExistingTerms } from '../consent/consentRequest.js'
import { decodePermission, wirePermission, wireRules } from '../dialects/wire/erc7715Permission.js'
import { targetOf } from '../permissions/pairPermissions.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'
import { isDisabled } from './revoke.js'
import type { WalletContext } from './walletContext.js'

/**
 * What the newest session key on the account may do already, where it is about some of the same things. The wallet hears no session's
 * name, so it cannot know whether the app will end it. Where the chain does not say what is still in force, nothing is known.
 */
export async function existingGrants(context: WalletContext, account: Address, asked: readonly Permission[], now: UnixSeconds): Promise<ExistingTerms | undefined> {
  return findExisting(context, account, asked, now).catch(() => undefined)
}

async function findExisting(context: WalletContext, account: Address, asked: readonly Permission[], now: UnixSeconds): Promise<ExistingTerms | undefined> {
  const current = (await context.grants.list(account)).filter(({ expiry }) => expiry > now)
  const disabled = await Promise.all(current.map(({ hash }) => isDisabled(context, hash)))
  const live = current.filter((_, index) => !disabled[index])
  const targets = new Set(asked.map(targetOf))
  const newest = live.findLast(({ row }) => targets.has(targetOf(permissionOf(row))))
  if (!newest) return undefined
  const session = live.filter(({ row }) => row.to.toLowerCase() === newest.row.to.toLowerCase())
  return { terms: { permissions: session.map(({ row }) => permissionOf(row)), expiry: newest.expiry }, ends: undefined }
}

/** Rows were read once already, when they came out of the store. */
function permissionOf({ permission, rules }: { permission: unknown; rules: unknown }): Permission {
  return decodePermission(v.parse(wirePermission, permission), v.parse(wireRules, rules)).permission
}
