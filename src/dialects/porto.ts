import { getAddress, numberToHex, size, slice, type Address } from 'viem'
import * as v from 'valibot'
import type { PermissionType } from '../permissions/permission.js'
import type { Dialect, Expression, GrantAnswer, ListedGrant, WalletAbilities, WalletProbe } from './dialect.js'
import { InvalidWalletResponseError } from './errors.js'
import { expressPorto } from './expressPorto.js'
import { readPermissionsCapability } from './wire/permissionsCapability.js'
import { answeredPortoPermissions, encodePortoPermissions } from './wire/portoPermissions.js'
import { address, bytes, chainId as wireChainId, unixSeconds } from './wire/primitives.js'
import { readPortoPermissions } from './wire/readPortoPermissions.js'

const grantMethod = 'wallet_grantPermissions'
const listMethod = 'wallet_getPermissions'

/**
 * Porto, whose words are "an alternative to ERC-7715": rows of calls, rows of spending, one key. The wallet was closed in
 * 2026. What it granted can still be read and revoked; the kit has no lane to act by it.
 *
 * @see `porto` 0.2.37 `core/internal/schema/rpc.ts`; porto.sh `sdk/rpc/wallet_grantPermissions`
 */
export const porto = {
  id: 'porto',
  consent: 'wallet',
  namesChain: true,
  acts: 'wallet',

  recognise: ({ connectorId }) => connectorId === 'xyz.ithaca.porto',

  async detect(wallet): Promise<WalletAbilities | undefined> {
    return porto.recognise(wallet) || (await speaksPorto(wallet)) ? { types, list: true } : undefined
  },

  express(permissions): readonly Expression[] {
    return permissions.map((permission, index) => expressPorto(permission, permissions.slice(0, index)))
  },

  encodeGrant({ chainId, account, delegate, permissions, expiry }) {
    return {
      method: grantMethod,
      params: [
        {
          address: account,
          chainId: numberToHex(chainId),
          expiry,
          // Left out, the request is refused, although the wallet's own documentation leaves it out.
          feeToken: null,
          key: { type: 'secp256k1', publicKey: delegate },
          permissions: encodePortoPermissions(permissions),
        },
      ],
    }
  },

  decodeGrant(answer, request): GrantAnswer {
    const refuse = (reason: string, cause?: Error) => new InvalidWalletResponseError({ method: grantMethod, reason, cause })
    const parsed = v.safeParse(grantRow, answer)
    if (!parsed.success) throw refuse(`${v.getDotPath(parsed.issues[0]) ?? 'it'} is not as expected`)
    const { address: account, chainId, expiry, id, key, permissions } = parsed.output
    if (chainId !== request.chainId) throw refuse('it is for another chain')
    const delegate = addressOf(key)
    if (!delegate) throw refuse('it is for a key that is no account')
    try {
      const granted = readPortoPermissions(permissions, request.permissions).map((permission) => ({ permission }))
      return { account, delegate, expiry, granted, handle: id }
    } catch (cause) {
      throw refuse('it names a function that cannot be read', cause as Error)
    }
  },

  encodeRevoke({ account, handle }) {
    return handle === undefined ? [] : [{ method: 'wallet_revokePermissions', params: [{ address: account, id: handle }] }]
  },

  list: {
    encode: ({ account }) => ({ method: listMethod, params: [{ address: account }] }),
    decode(answer): readonly ListedGrant[] {
      const rows = v.safeParse(v.pipe(v.array(v.unknown()), v.maxLength(1_000)), answer)
      if (!rows.success) throw new InvalidWalletResponseError({ method: listMethod, reason: 'it is no list' })
      return rows.output.flatMap(listed)
    },
  },
} as const satisfies Dialect

const types: ReadonlySet<PermissionType> = new Set(['contract-call', 'erc20-token-periodic'])

async function speaksPorto(wallet: WalletProbe): Promise<boolean> {
  const { account, chainId } = wallet
  const capability = readPermissionsCapability(await wallet.ask('wallet_getCapabilities', [account, [numberToHex(chainId)]]), chainId)
  // Whoever says more of its permissions grants by one of the drafts of ERC-7715.
  if (!capability || capability.signerTypes || capability.permissionTypes || capability.policyTypes) return false
  if (capability.feeToken) return true
  const rows = v.safeParse(v.array(v.unknown()), await wallet.ask(listMethod, [{ address: account }]))
  return rows.success && rows.output.some((row) => v.is(grantRow, row))
}

const grantRow = v.strictObject({
  address,
  chainId: wireChainId,
  /** 0 means none, as it does to the chain. */
  expiry: unixSeconds,
  id: v.pipe(bytes, v.minLength(4), v.maxLength(2_000)),
  key: v.strictObject({ publicKey: bytes, type: v.picklist(['address', 'p256', 'secp256k1', 'webauthn-p256']) }),
  permissions: answeredPortoPermissions,
  capabilities: v.optional(v.unknown()),
})

type Key = v.InferOutput<typeof grantRow>['key']

/** Porto holds the address of such a key, bare or in a word of 32 bytes. Undefined for keys of its own. */
function addressOf({ type, publicKey }: Key): Address | undefined {
  if (type !== 'secp256k1' && type !== 'address') return undefined
  if (size(publicKey) === 20) return getAddress(publicKey)
  return /^0x0{24}[0-9a-f]{40}$/i.test(publicKey) ? getAddress(slice(publicKey, 12)) : undefined
}

/** Rows that the kit cannot read, and those for keys that the wallet keeps itself, are not its business. */
function listed(given: unknown): ListedGrant[] {
  const row = v.safeParse(grantRow, given)
  if (!row.success) return []
  const { address: account, chainId, expiry, id, key, permissions } = row.output
  const delegate = addressOf(key)
  if (!delegate) return []
  try {
    return [{ account, delegate, chainId, expiry, granted: readPortoPermissions(permissions).map((permission) => ({ permission })), handle: id }]
  } catch {
    return []
  }
}
