import type { Connector, CreateConnectorFn } from 'wagmi'

/** One request to the wallet and what came of it, as JSON text made at that moment: later changes do not reach it. */
export type Exchange = {
  id: number
  method: string
  request: string
  /** Missing while the wallet has not answered. */
  answer?: { ok: boolean; text: string; afterMs: number }
}

export type WireLog = {
  getSnapshot: () => readonly Exchange[]
  subscribe: (listener: () => void) => () => void
  begin: (method: string, params: unknown) => (ok: boolean, answer: unknown) => void
}

/** Newest first. Only what goes over the provider is here, and no secret ever does. */
export function createWireLog(): WireLog {
  let exchanges: readonly Exchange[] = []
  let nextId = 1
  const listeners = new Set<() => void>()
  const set = (next: readonly Exchange[]) => {
    exchanges = next
    for (const listener of listeners) listener()
  }
  return {
    getSnapshot: () => exchanges,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    begin(method, params) {
      const id = nextId++
      const startedAt = performance.now()
      set([{ id, method, request: json({ method, params }) }, ...exchanges].slice(0, keep))
      return (ok, answer) => {
        const afterMs = Math.round(performance.now() - startedAt)
        set(exchanges.map((exchange) => (exchange.id === id ? { ...exchange, answer: { ok, text: json(answer), afterMs } } : exchange)))
      }
    },
  }
}

const keep = 50

/** The connector as it is, with what it is asked written down: ERC-7715, ERC-5792 and every other `wallet_…`. */
export function withWireLog(create: CreateConnectorFn, log: WireLog): CreateConnectorFn {
  return (config) => {
    const connector = create(config)
    const wrapped = new WeakMap<object, object>()
    return {
      ...connector,
      async getProvider(parameters?: { chainId?: number | undefined }) {
        const provider = (await connector.getProvider(parameters)) as Provider
        const known = wrapped.get(provider)
        if (known) return known
        const logged = { ...provider, request: loggedRequest(provider, log) }
        wrapped.set(provider, logged)
        return logged
      },
    } as ReturnType<CreateConnectorFn>
  }
}

type Provider = { request: (request: { method: string; params?: unknown }) => Promise<unknown> } & object

/** The wallet of a connected connector, for what a user does in the wallet itself. */
export async function providerOf(connector: Connector): Promise<Provider> {
  return (await connector.getProvider()) as Provider
}

function loggedRequest(provider: Provider, log: WireLog): Provider['request'] {
  return async (request) => {
    if (!request.method.startsWith('wallet_')) return provider.request(request)
    const end = log.begin(request.method, request.params)
    try {
      const answer = await provider.request(request)
      end(true, answer)
      return answer
    } catch (error) {
      const { code, message } = error as { code?: number; message: string }
      end(false, { code, message })
      throw error
    }
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item), 2) ?? 'undefined'
}
