import { getAddress, numberToHex } from 'viem'
import * as v from 'valibot'
import type { Dialect, GrantAnswer, OnChainGrant, WalletAbilities } from './dialect.js'
import { InvalidWalletResponseError } from './errors.js'
import { readSessionKey } from './openfortSessionKey.js'
import { alignWithRequest, expressTerms, sessionScope, sessionSeconds, wholeContract } from './openfortTerms.js'
import { grantedSession, unlimitedCalls, wrongPart } from './wire/openfortSession.js'

const grantMethod = 'wallet_grantPermissions'

/**
 * Openfort's embedded wallet: a session key that may call up to ten contracts, whole, until it ends or its calls are used.
 * Nobody is asked, and the session acts through a backend of the app (`openfortExecutor`), not through the provider.
 *
 * @see `@openfort/openfort-js` 1.6.0 `registerSession`, `revokeSession`; openfort-contracts `BaseOpenfortAccount`
 */
export const openfort = {
  id: 'openfort',
  consent: 'none',
  namesChain: false,
  acts: 'backend',

  recognise: ({ provider }) => (provider as { isOpenfort?: unknown }).isOpenfort === true,

  async detect(wallet): Promise<WalletAbilities | undefined> {
    if (!openfort.recognise(wallet)) return undefined
    const { account, chainId } = wallet
    const parsed = v.safeParse(capabilities, await wallet.ask('wallet_getCapabilities', [account, [numberToHex(chainId)]]))
    if (!parsed.success) return undefined
    const chains = Object.entries(parsed.output)
    const here = chains.find(([chain]) => Number(chain) === chainId)
    // It answers for the chain it is on only, whichever was asked about.
    if (!here) return chains.some(([, { permissions }]) => permissions?.supported) ? { list: false } : undefined
    const { permissions } = here[1]
    if (!permissions?.supported) return undefined
    if (!permissions.permissionTypes) return { list: false }
    // It says 'contract-calls' and takes 'contract-call'.
    const callsContracts = permissions.permissionTypes.some((type) => type === 'contract-calls' || type === 'contract-call')
    return { types: new Set(callsContracts ? ['contract-call'] : []), list: false }
  },

  express: (permissions, { types }) => expressTerms(permissions, types),

  /** @throws {InvalidExpiryError} {@link InvalidPermissionError} what must not reach the provider */
  encodeGrant({ delegate, permissions, expiry }, now) {
    const { whitelist, callLimit } = sessionScope(permissions)
    // The only place where the provider looks for it: the first permission's policies, raw.
    const policies = callLimit === undefined ? [] : [{ type: { custom: 'call-limit' }, data: { limit: callLimit } }]
    return {
      method: grantMethod,
      params: [
        {
          signer: { type: 'account', data: { id: delegate } },
          // Relative, whatever ERC-7715 says; the answer is absolute again.
          expiry: sessionSeconds(expiry, now + marginSeconds),
          permissions: whitelist.map((address, index) => ({
            type: 'contract-call',
            data: { address, calls: [] },
            policies: index === 0 ? policies : [],
          })),
        },
      ],
    }
  },

  decodeGrant(answer, { permissions }): GrantAnswer {
    const parsed = v.safeParse(grantedSession, answer)
    if (!parsed.success) throw new InvalidWalletResponseError({ method: grantMethod, reason: wrongPart(parsed.issues) })
    const { expiry, grantedPermissions, permissionsContext } = parsed.output
    const rows = grantedPermissions.map(({ data, policies }) => wholeContract(data.address, policies[0]?.data.limit))
    return {
      account: undefined,
      delegate: undefined,
      granted: alignWithRequest(rows, permissions).map((permission) => ({ permission })),
      expiry,
      handle: permissionsContext,
    }
  },

  /**
   * Names the key, not the returned `ses_…`. Without a `permissionContext` the provider up to 1.6 logs the user out and
   * resolves as if it had revoked, so an address that is none throws here.
   */
  encodeRevoke: ({ delegate }) => [{ method: 'wallet_revokePermissions', params: [{ permissionContext: getAddress(delegate) }] }],

  /** Openfort's own accounts know their session keys. */
  async readOnChain(client, { account, delegate }): Promise<OnChainGrant | undefined> {
    const key = await readSessionKey(client, { account, key: delegate })
    if (!key) return undefined
    // `revokeSessionKey` leaves `validAfter` as it was. Without one the key was never registered, or not yet in a block of this node's.
    if (key.validUntil === 0 && key.validAfter === 0) return { revoked: undefined }
    const counted = !key.masterSessionKey && key.limit !== unlimitedCalls
    return { revoked: key.validUntil === 0, ...(counted ? { callsLeft: key.limit } : {}) }
  },
} as const satisfies Dialect

/**
 * Time for the provider to wake its signer and to refresh the login before it adds the duration to its own clock: the end must
 * not come out later than asked, for such a session is refused after it was paid for.
 */
const marginSeconds = 20

const capabilities = v.record(
  v.string(),
  v.object({
    permissions: v.optional(
      v.object({ supported: v.boolean(), permissionTypes: v.optional(v.pipe(v.array(v.string()), v.maxLength(100))) }),
    ),
  }),
)
