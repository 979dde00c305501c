import { isAddressEqual, numberToHex } from 'viem'
import * as v from 'valibot'
import type { PermissionType } from '../permissions/permission.js'
import type { Dialect, GrantAnswer } from './dialect.js'
import { InvalidWalletResponseError } from './errors.js'
import { decodePermission, encodePermission, wirePermission, wirePermissionTypes, wireRules } from './wire/erc7715Permission.js'
import { address, bytes, chainId as wireChainId } from './wire/primitives.js'

const grantMethod = 'wallet_requestExecutionPermissions'

/** ERC-7715 as merged 2026-01: one permission per request, several requests per prompt. Spoken by MetaMask and by our wallet. */
export const erc7715: Dialect = {
  id: 'erc7715',
  consent: 'wallet',

  async supports(provider, chainId) {
    const answer = await provider.request({ method: 'wallet_getSupportedExecutionPermissions', params: [] })
    const parsed = v.safeParse(supportedTypes, answer)
    if (!parsed.success) return undefined
    const types = new Set<PermissionType>()
    for (const type of wirePermissionTypes) {
      if (parsed.output[type]?.chainIds.includes(chainId)) types.add(type)
    }
    return { dialect: 'erc7715', types }
  },

  encodeGrant({ chainId, account, delegate, permissions, expiry }) {
    return {
      method: grantMethod,
      params: permissions.map((permission) => ({
        chainId: numberToHex(chainId),
        from: account,
        to: delegate,
        ...encodePermission(permission, expiry),
      })),
    }
  },

  decodeGrant(answer, request): GrantAnswer {
    const refuse = (reason: string, cause?: Error) => new InvalidWalletResponseError({ method: grantMethod, reason, cause })
    const parsed = v.safeParse(grantAnswer, answer)
    if (!parsed.success) throw refuse(v.flatten(parsed.issues).root?.[0] ?? issuePath(parsed.issues[0]))
    if (parsed.output.some((row) => row.chainId !== request.chainId)) throw refuse('it is for another chain')
    const rows = parsed.output.map((row) => {
      try {
        return { row, ...decodePermission(row.permission, row.rules ?? []) }
      } catch (cause) {
        throw refuse('it holds a permission of another shape', cause as Error)
      }
    })
    const [first] = rows
    if (!first || first.expiry === undefined) throw refuse('it has no expiry')
    if (rows.some(({ row, expiry }) => expiry !== first.expiry || !isAddressEqual(row.to, first.row.to))) {
      throw refuse('its parts have different expiries or keys')
    }
    return {
      account: first.row.from,
      delegate: first.row.to,
      expiry: first.expiry,
      granted: rows.map(({ row, permission }) => ({ permission, context: row.context, delegationManager: row.delegationManager })),
    }
  },

  encodeRevoke({ context }) {
    return { method: 'wallet_revokeExecutionPermission', params: [{ permissionContext: context }] }
  },
}

const supportedTypes = v.record(v.string(), v.object({ chainIds: v.array(wireChainId) }))

const grantAnswer = v.pipe(
  v.array(
    v.object({
      chainId: wireChainId,
      from: v.optional(address),
      to: address,
      permission: wirePermission,
      rules: v.optional(v.nullable(wireRules)),
      context: bytes,
      delegationManager: address,
    }),
  ),
  v.minLength(1),
  v.maxLength(100),
)

function issuePath(issue: v.BaseIssue<unknown> | undefined): string {
  return `${issue ? (v.getDotPath(issue) ?? 'it') : 'it'} is not as expected`
}
