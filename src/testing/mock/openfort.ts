import { numberToHex } from 'viem'
import { bendAmount, bendMoment, otherAddress } from './bend.js'
import type { Bending } from './decision.js'
import type { MockDialect } from './mockDialect.js'
import { rpcError, unauthorized } from './rpcError.js'

const grantMethod = 'wallet_grantPermissions'

/**
 * Openfort's embedded wallet (openfort-js 1.6): it asks nobody, so a decision is its backend's. `reject`: the backend makes a
 * session that is not active; `crash`: it makes one and its answer is lost. Both are -32003, like nearly everything.
 *
 * Its faults: an expiry counts from now, and comes back absolute · whatever is allowed becomes the whole contract: `calls`, and what an
 * ERC-20 transfer may move, are ignored · a limit of calls is read only from a raw `{ custom: 'call-limit' }` policy of the first
 * permission, and lost anywhere else · the answer is made from the whitelist, so other types do not come back · `wallet_revokePermissions`
 * wants the key's address; given anything without a `permissionContext` it logs the user out and answers `{}` · it lists nothing, and
 * says 'contract-calls' for what it calls `contract-call`.
 *
 * What its servers do is not known; here they keep what they are given, and refuse to end what is not there.
 */
export const openfort = {
  connector: { id: 'com.openfort', name: 'Openfort (mock)' },
  marks: { isOpenfort: true },
  refusals: {
    rejected: () => transactionRejected('Failed to grant permissions'),
    connectionLost: () => transactionRejected('Network Error'),
  },

  methods(wallet) {
    const sessions: StoredSession[] = []
    const loggedIn = () => {
      if (!wallet.connected) throw unauthorized('Unauthorized - call eth_requestAccounts first')
    }

    return {
      eth_requestAccounts() {
        if (wallet.connected) return [wallet.account]
        throw unauthorized('Unauthorized - must be authenticated and configured with a signer.')
      },

      async [grantMethod](params) {
        loggedIn()
        return wallet.decide({ method: grantMethod, params }, {
          // Whatever goes wrong here has this code, also what its own checks call -32602.
          request: withCode(-32003, () => readSession((params ?? []) as unknown[])),
          bend,
          answer(request) {
            const session = { ...request, id: `ses_${wallet.chainId}-${sessions.length + 1}-${request.address.slice(2, 10)}`, isActive: true }
            sessions.push(session)
            return grantedPermissions(session)
          },
        })
      },

      async wallet_revokePermissions(params) {
        loggedIn()
        const permissionContext = withCode(-32603, () => (((params ?? []) as unknown[])[0] as { permissionContext?: string }).permissionContext)
        if (!permissionContext) {
          // Without an event: the page finds out when it asks for the account.
          wallet.connected = false
          return {}
        }
        const session = sessions.find(({ address, isActive }) => isActive && address.toLowerCase() === permissionContext.toLowerCase())
        if (!session) throw transactionRejected('Session not found')
        session.isActive = false
        const { validAfter, validUntil, ...rest } = session
        return { ...rest, object: 'session', validAfter: String(validAfter), validUntil: String(validUntil) }
      },

      wallet_getCapabilities: () => ({
        [numberToHex(wallet.chainId)]: {
          permissions: { supported: true, signerTypes: ['account', 'key'], keyTypes: ['secp256k1'], permissionTypes: ['contract-calls'] },
          paymasterService: { supported: true },
          atomicBatch: { supported: true },
        },
      }),
    }
  },

  unknownMethod: (method) => rpcError(4200, `${method}: Method not supported`),
} as const satisfies MockDialect

type OpenfortSession = { address: string; validAfter: number; validUntil: number; whitelist: readonly string[]; limit?: number | undefined }
type StoredSession = OpenfortSession & { id: string; isActive: boolean }

type WirePolicy = { type: string | { custom?: string }; data?: { limit?: number } }
type WirePermission = { type: string | { custom: string }; data: { address: string }; policies?: readonly WirePolicy[] }
type WireGrant = {
  expiry: number
  permissions: readonly WirePermission[]
  signer?: { type: string; data: { id: string } }
  account?: string
}

const unsupportedPermissions = ['native-token-transfer', 'rate-limit', 'gas-limit']
const unsupportedPolicies = ['token-allowance', 'gas-limit', 'rate-limit']
const contractTypes = ['contract-call', 'erc20-token-transfer', 'erc721-token-transfer', 'erc1155-token-transfer']

/** In the order in which openfort-js reads it, and as blindly: what is not there is a TypeError. */
function readSession(params: readonly unknown[]): OpenfortSession {
  const grant = params[0] as WireGrant
  const validAfter = Math.floor(Date.now() / 1000)
  const validUntil = Math.floor((Date.now() + 1000 * grant.expiry) / 1000)
  const permissions = grant.permissions.map((permission) => {
    const { type, data, policies } = permission
    if (unsupportedPermissions.includes(type as string)) throw notSupported(`${type as string} permission`)
    return { type: typeof type === 'string' ? type : type.custom, data, policies: policies?.map(readPolicy) }
  })
  const whitelist = permissions.filter(({ type }) => contractTypes.includes(type)).map(({ data }) => data.address)
  const limit = permissions[0]?.policies?.find(({ type }) => type === 'call-limit')?.data?.limit
  const address = sessionKey(grant)
  return { address, validAfter, validUntil, whitelist, ...(limit ? { limit } : {}) }
}

/** viem flattens `{ custom: 'call-limit' }` to a string, and of a string there is no `.custom`. */
function readPolicy({ type, data }: WirePolicy) {
  if (unsupportedPolicies.includes(type as string)) throw notSupported(`${type as string} policy`)
  return { type: (type as { custom?: string }).custom, data }
}

function sessionKey({ signer, account }: WireGrant): string {
  if (signer?.type === 'keys') throw new Error('Multi-key signers are not supported for session creation')
  const named = signer ? (['key', 'account'].includes(signer.type) ? signer.data.id : undefined) : account
  if (!named) throw new Error('Failed to request permissions - missing session address')
  return named
}

function notSupported(what: string): Error {
  return new Error(`${what} is not supported with this account implementation.`)
}

/** What the backend made of it. The limit counts calls, so it is the limit that bends, else the time. */
function bend(session: OpenfortSession, how: Bending): OpenfortSession {
  if (how !== 'other') {
    return session.limit === undefined
      ? { ...session, validUntil: bendMoment(session.validUntil, how) }
      : { ...session, limit: bendAmount(session.limit, how) as number }
  }
  const [first, ...rest] = session.whitelist
  return first === undefined ? { ...session, address: otherAddress } : { ...session, whitelist: [otherAddress, ...rest] }
}

function grantedPermissions({ id, validUntil, whitelist, limit }: StoredSession) {
  return {
    expiry: validUntil || 0,
    grantedPermissions: whitelist.map((address) => ({
      type: 'contract-call',
      data: { address, calls: [] },
      policies: [{ data: { limit }, type: { custom: 'usage-limit' } }],
    })),
    permissionsContext: id,
  }
}

function transactionRejected(message: string): Error {
  return rpcError(-32003, message)
}

function withCode<result>(code: number, make: () => result): result {
  try {
    return make()
  } catch (error) {
    throw rpcError(code, (error as Error).message)
  }
}
