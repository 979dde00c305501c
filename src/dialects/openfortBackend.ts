import type { Address, Hex } from 'viem'
import * as v from 'valibot'
import type { UnixSeconds } from '../permissions/permission.js'
import type { Dialect, GrantAnswer } from './dialect.js'
import { InvalidWalletResponseError } from './errors.js'
import { openfort } from './openfort.js'
import { alignWithRequest, sessionScope, sessionSeconds, wholeContract } from './openfortTerms.js'
import { hashToSign, sessionResponse, sessionStep, signature, wrongPart } from './wire/openfortSession.js'

/** What `openfort.sessions.create` of Openfort's server SDK takes, but for `account`: there it is the `acc_…` of this address. */
export type OpenfortSessionRequest = {
  /** The user's smart account. */
  account: Address
  chainId: number
  /** The session key. */
  address: Address
  /** Absolute seconds. */
  validAfter: UnixSeconds
  /** Absolute seconds. */
  validUntil: UnixSeconds
  /** 1 to 10 contracts. Must reach Openfort: a session without it may call everything. */
  whitelist: readonly Address[]
  /** How many calls in all. Left out: no limit. */
  limit?: number | undefined
}

/** What `openfort.sessions.revoke` takes; `account` as above. */
export type OpenfortRevokeRequest = { account: Address; chainId: number; /** The session key. */ address: Address }

/** A `SessionResponse` or a session's next step, as the backend had it from Openfort. It is checked here, so JSON will do. */
export type OpenfortBackendParameters = {
  /** Has the app's backend create the session. `{ id: 'ses_…', nextAction?: { payload: { signableHash } } }` */
  createSession: (request: OpenfortSessionRequest) => Promise<unknown>
  /**
   * Signs with the user's own key, which the backend does not have: `openfort.embeddedWallet.signMessage(hash,
   * { hashMessage: true, arrayifyMessage: true })`; without `hashMessage` for an account of type "Delegated Account".
   */
  signMessage: (hash: Hex) => Promise<string>
  /** Hands the signature on: `openfort.proxy.sendSignatureSessionRequest(id, signature)`. Resolves with the `SessionResponse`. */
  confirmSession: (confirmation: { id: string; signature: Hex }) => Promise<unknown>
  /** Has the backend revoke the session; answers like `createSession`. Left out, sessions are revoked through the provider. */
  revokeSession?: ((request: OpenfortRevokeRequest) => Promise<unknown>) | undefined
}

/** Not methods of any wallet: they name what `request` does with the app's functions. */
const createMethod = 'openfort_createSession'
const revokeMethod = 'openfort_revokeSession'

/**
 * Openfort's native way to a session: the app's backend creates it, the user's signer confirms it. Nothing is fetched here; the
 * app owns the HTTP. Give it to the config in place of the detected dialect.
 *
 * What the functions throw comes through as it is.
 * @throws {InvalidWalletResponseError} at `request` and `decodeGrant`: what the backend answered is no session, or not in force
 * @see openfort.io/docs "Session keys"; openfort-js `examples/apps/auth-sample`
 */
export function openfortBackend({ createSession, signMessage, confirmSession, revokeSession }: OpenfortBackendParameters): Dialect {
  /** A step without a hash is done already. */
  async function confirm(method: string, step: unknown): Promise<unknown> {
    const parsed = v.safeParse(sessionStep, step)
    if (!parsed.success) throw new InvalidWalletResponseError({ method, reason: wrongPart(parsed.issues) })
    const { id, nextAction } = parsed.output
    const hash = hashToSign(nextAction)
    if (hash === undefined) return step
    const signed = v.safeParse(signature, await signMessage(hash))
    if (!signed.success) throw new InvalidWalletResponseError({ method, reason: 'signMessage gave no signature' })
    const confirmed = await confirmSession({ id, signature: signed.output })
    if ((confirmed as { id?: unknown } | null | undefined)?.id === id) return confirmed
    throw new InvalidWalletResponseError({ method, reason: 'another session was confirmed' })
  }

  return {
    id: openfort.id,
    consent: openfort.consent,
    // The provider's own method to revoke names neither.
    namesChain: revokeSession !== undefined,
    acts: openfort.acts,
    detect: async () => ({ types: new Set(['contract-call'] as const), list: false }),
    express: openfort.express,
    readOnChain: openfort.readOnChain,

    encodeGrant({ account, chainId, delegate, permissions, expiry }, now) {
      const { whitelist, callLimit } = sessionScope(permissions)
      sessionSeconds(expiry, now)
      const limit = callLimit === undefined ? {} : { limit: callLimit }
      const request: OpenfortSessionRequest = { account, chainId, address: delegate, validAfter: now, validUntil: expiry, whitelist, ...limit }
      return { method: createMethod, params: request }
    },

    decodeGrant(answer, { permissions }): GrantAnswer {
      const parsed = v.safeParse(sessionResponse, answer)
      if (!parsed.success) throw new InvalidWalletResponseError({ method: createMethod, reason: wrongPart(parsed.issues) })
      const { id, address, validUntil, whitelist, limit } = parsed.output
      const rows = whitelist.map((contract) => wholeContract(contract, limit))
      return {
        account: undefined,
        delegate: address,
        granted: alignWithRequest(rows, permissions).map((permission) => ({ permission })),
        expiry: validUntil,
        handle: id,
      }
    },

    encodeRevoke(grant) {
      const { account, chainId, delegate } = grant
      if (!revokeSession) return openfort.encodeRevoke(grant)
      return [{ method: revokeMethod, params: { account, chainId, address: delegate } satisfies OpenfortRevokeRequest }]
    },

    async request(provider, { method, params }) {
      if (method === createMethod) return confirm(method, await createSession(params as OpenfortSessionRequest))
      if (method === revokeMethod && revokeSession) return confirm(method, await revokeSession(params as OpenfortRevokeRequest))
      return provider.request({ method, params })
    },
  }
}
