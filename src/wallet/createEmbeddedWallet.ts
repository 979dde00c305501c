import { numberToHex, UnsupportedProviderMethodError, type Chain, type LocalAccount, type Transport } from 'viem'
import * as v from 'valibot'
import { createConsentQueue, type ConsentQueue } from '../consent/consentQueue.js'
import type { ConsentRequest, OnConsent } from '../consent/consentRequest.js'
import { hex } from '../dialects/wire/primitives.js'
import { walletCapabilities } from './capabilities.js'
import { createConnection } from './connection.js'
import { createWalletEmitter, type WalletEvents } from './events.js'
import { createGrantsStore, type WalletStorage } from './grantsStore.js'
import { createOneAtATime } from '../execution/oneAtATime.js'
import { passedThrough } from './reads.js'
import { grantPermissions2024 } from './requests2024.js'
import { grantedExecutionPermissions, requestExecutionPermissions, supportedExecutionPermissions } from './requests2026.js'
import { revokeExecutionPermission, revokeSession } from './revoke.js'
import { invalidParams, parseParams, toRpcError } from './rpcErrors.js'
import { createBundles } from './sendCalls.js'
import { createWalletClientOf, once, sponsorClient, type Sponsor, type WalletContext } from './walletContext.js'

export type CreateEmbeddedWalletParameters = {
  /** The signer whose account it is, or how to get it: asked for on first use. The wallet never sees its secret. */
  owner: LocalAccount | (() => Promise<LocalAccount>)
  chain: Chain
  transport: Transport
  /** A relay (ERC-8249) that pays for gas. Left out: the account pays. */
  sponsor?: Sponsor | undefined
  /** Asks the user. May be called again while an earlier question is open. @default the wallet's own `consent` queue */
  onConsent?: OnConsent | undefined
  /** The queue that `consent` is. @default a new one */
  consent?: ConsentQueue | undefined
  /** What the app says of itself. */
  app?: ConsentRequest['app']
  /** Who asks. @default the page's origin */
  origin?: string | undefined
  /** Where granted permissions are remembered; no secret is among them. @default memory */
  storage?: WalletStorage | undefined
}

/** @see EIP-1193 */
export type EmbeddedWalletProvider = {
  request(request: { method: string; params?: unknown }): Promise<unknown>
  on<event extends keyof WalletEvents>(event: event, listener: WalletEvents[event]): void
  removeListener<event extends keyof WalletEvents>(event: event, listener: WalletEvents[event]): void
  /** Questions to the user, for a view such as `PermissionConsentDialog`. */
  consent: ConsentQueue
}

/**
 * Turns a signer into a wallet that grants session permissions (ERC-7715), as an EIP-1193 provider. The account is the
 * owner's own address; the first grant makes it a smart account (EIP-7702). A grant is a signature; the chain enforces
 * its limits. Signing methods (`personal_sign`, `eth_signTypedData_v4`) are not offered: the app has the owner for that.
 *
 * Requests fail with viem's RPC errors, so `code` is EIP-1193's, EIP-1474's or ERC-5792's: 4001 the user said no,
 * -32602 a request that must not be granted, 4200 an unknown method, -32603 all else, with the reason as `cause`.
 *
 * @see ERC-7715, ERC-5792, EIP-2255
 */
export function createEmbeddedWallet(parameters: CreateEmbeddedWalletParameters): EmbeddedWalletProvider {
  const { owner, chain, transport, sponsor, consent = createConsentQueue(), onConsent, app, origin, storage } = parameters
  const emitter = createWalletEmitter()
  const context: WalletContext = {
    owner: typeof owner === 'function' ? once(owner) : () => Promise.resolve(owner),
    chain,
    client: createWalletClientOf({ chain, transport }),
    sponsor: sponsor === undefined ? undefined : sponsorClient(sponsor),
    ask: onConsent ?? consent.ask,
    asker: () => ({ origin: origin ?? globalThis.location?.origin ?? 'unknown', ...(app ? { app } : {}) }),
    grants: createGrantsStore({ storage, chainId: chain.id }),
    ownerTurn: createOneAtATime(),
  }
  const methods = walletMethods(context, createConnection(context, emitter))

  return {
    consent,
    on: emitter.on,
    removeListener: emitter.removeListener,
    async request(request) {
      try {
        const { method, params } = parseParams(rpcRequest, request)
        const handle = methods.get(method)
        if (handle) return await handle(params)
        if (!passedThrough.has(method)) throw new UnsupportedProviderMethodError(new Error('The embedded wallet has no such method.'), { method: method.slice(0, 60) })
        // Whoever asked retries, as viem's clients do; twice would be too often.
        return await context.client.request({ method, params } as never, { retryCount: 0 })
      } catch (error) {
        throw toRpcError(error)
      }
    },
  }
}

const rpcRequest = v.object({ method: v.string(), params: v.optional(v.unknown()) })

type Handler = (params: unknown) => Promise<unknown>

/** A map, so that a method named as a property of every object is unknown like any other. */
function walletMethods(context: WalletContext, connection: ReturnType<typeof createConnection>): ReadonlyMap<string, Handler> {
  const bundles = createBundles(context)
  const whenConnected = (handle: Handler): Handler => {
    return async (params) => {
      connection.requireConnected()
      return handle(params)
    }
  }
  return new Map<string, Handler>([
    ['eth_accounts', () => connection.accounts()],
    ['eth_requestAccounts', () => connection.connect()],
    ['eth_chainId', async () => numberToHex(context.chain.id)],
    ['eth_sendTransaction', whenConnected((params) => bundles.sendTransaction(params))],
    ['wallet_getCallsStatus', (params) => bundles.callsStatus(params)],
    ['wallet_getCapabilities', (params) => walletCapabilities(context, params)],
    ['wallet_getGrantedExecutionPermissions', () => grantedExecutionPermissions(context)],
    ['wallet_getPermissions', () => connection.permissions()],
    ['wallet_getSupportedExecutionPermissions', async () => supportedExecutionPermissions(context)],
    ['wallet_grantPermissions', (params) => grantPermissions2024(context, params)],
    ['wallet_requestExecutionPermissions', (params) => requestExecutionPermissions(context, params)],
    ['wallet_requestPermissions', (params) => connection.requestPermissions(params)],
    ['wallet_revokeExecutionPermission', (params) => revokeExecutionPermission(context, params)],
    ['wallet_revokePermissions', (params) => revokePermissions(context, connection, params)],
    ['wallet_sendCalls', whenConnected((params) => bundles.sendCalls(params))],
    ['wallet_switchEthereumChain', async (params) => connection.switchChain(params)],
  ])
}

const disconnection = v.tuple([v.strictObject({ eth_accounts: v.strictObject({}) })])
const sessionRevocation = v.tuple([v.strictObject({ permissionContext: hex })])

/** One name for two things: the 2024 family's revocation, and MIP-2's disconnect, which must never be taken for it. */
async function revokePermissions(context: WalletContext, connection: ReturnType<typeof createConnection>, params: unknown): Promise<unknown> {
  if (v.is(disconnection, params)) {
    connection.disconnect()
    return null
  }
  if (!v.is(sessionRevocation, params)) {
    throw invalidParams('Either [{ permissionContext }], which ends a session, or [{ eth_accounts: {} }], which disconnects.')
  }
  return revokeSession(context, params[0].permissionContext)
}
