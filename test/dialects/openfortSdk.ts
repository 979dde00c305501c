import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { numberToHex, type Address, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createWalletProbe } from '../../src/dialects/walletProbe.js'
import type { Provider } from '../../src/dialects/dialect.js'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'

type Body = Record<string, unknown>
type SdkProvider = new (parameters: object) => Provider
type SdkClients = new (parameters: { basePath: string; accessToken: string }) => unknown
type SdkEmitter = new () => object

/** The package's exports map hides these files, so they are loaded by their paths. */
const sdk = dirname(createRequire(import.meta.url).resolve('@openfort/openfort-js/package.json'))
const load = async (path: string) => (await import(pathToFileURL(join(sdk, 'dist', path)).href)) as Record<string, unknown>
const { EvmProvider } = (await load('sdk/src/wallets/evm/evmProvider.js')) as { EvmProvider: SdkProvider }
const { BackendApiClients } = (await load('packages/internal/openapi-clients/dist/index.js')) as { BackendApiClients: SdkClients }
const { default: EventEmitter } = (await load('sdk/src/utils/typedEventEmitter.js')) as { default: SdkEmitter }

export const chainId = 31337
export const account: Address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906'
export const signableHash: Hex = `0x${'5e'.repeat(32)}`
/** anvil's fourth development key. */
const owner = privateKeyToAccount('0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6')

export type OpenfortOptions = {
  accountType?: 'Smart Account' | 'Delegated Account' | 'Externally Owned Account'
  /** What Openfort's server answers instead. */
  answer?: (path: string, body: Body) => Response | undefined
  /** Runs while the signer is loaded. */
  whileWaking?: () => void
}

/**
 * Openfort's own provider, as `@openfort/openfort-js` ships it, of a user who is logged in. Its HTTP goes to a server that
 * answers like `api.openfort.io`; its signer, which lives in an iframe, is an account here.
 */
export async function startOpenfortProvider({ accountType = 'Smart Account', answer, whileWaking }: OpenfortOptions = {}) {
  const requests: { path: string; body: Body }[] = []
  const signed: { hash: string; arguments: unknown[] }[] = []
  let disconnected = 0

  const server = await serveFetch(async (request) => {
    const { pathname: path } = new URL(request.url)
    const body = (await request.json()) as Body
    if (path === '/rpc') return Response.json({ jsonrpc: '2.0', id: body['id'], result: body['method'] === 'eth_chainId' ? numberToHex(chainId) : String(chainId) })
    requests.push({ path, body })
    return answer?.(path, body) ?? Response.json(session(path, body))
  })

  const created = new Map<string, Body>()
  function session(path: string, body: Body): Body {
    const confirmed = /^\/v1\/sessions\/(ses_\w+)\/signature$/.exec(path)?.[1]
    if (confirmed) return { ...created.get(confirmed), isActive: true }
    const id = `ses_${created.size + 1}`
    const { address, validAfter, validUntil, whitelist, limit } = body
    const times = { validAfter: String(validAfter), validUntil: String(validUntil) }
    created.set(id, { id, object: 'session', address, ...times, whitelist, ...(limit === undefined ? {} : { limit }) })
    return { ...created.get(id), isActive: false, nextAction: { type: 'sign_with_wallet', payload: { signableHash } } }
  }

  const stored: Record<string, string> = {
    'openfort.account': JSON.stringify({ id: 'acc_1', chainType: 'EVM', address: account, accountType, chainId }),
    'openfort.authentication': JSON.stringify({ type: 'session', token: 'player-token', userId: 'usr_1' }),
  }
  const provider = new EvmProvider({
    storage: { get: async (key: string) => stored[key] ?? null, save: () => undefined, remove: () => undefined },
    backendApiClients: new BackendApiClients({ basePath: server.url, accessToken: 'pk_test' }),
    openfortEventEmitter: new EventEmitter(),
    ensureSigner: async () => {
      whileWaking?.()
      return {
        sign: (hash: Hex, ...rest: unknown[]) => {
          signed.push({ hash, arguments: rest })
          return owner.signMessage({ message: { raw: hash } })
        },
        disconnect: async () => {
          disconnected += 1
        },
      }
    },
    chains: { [chainId]: `${server.url}/rpc` },
    validateAndRefreshSession: async () => undefined,
  })

  return {
    provider,
    requests,
    signed,
    signature: await owner.signMessage({ message: { raw: signableHash } }),
    disconnected: () => disconnected,
    probe: (overrides: { chainId?: number } = {}) => createWalletProbe({ provider, connectorId: 'openfort', account, chainId, ...overrides }),
    stop: server.close,
  }
}
