import { quietly } from '../errors/quietly.js'
import { redactWire, secretsIn } from './redactWire.js'
import { tapWallet, type WalletOutcome, type WalletRequest } from './sendToWallet.js'

/** A request to the wallet, without its secrets: told once when it is sent and, under the same `id`, once when it is over. */
export type WalletExchange = {
  id: number
  /** Milliseconds of this device's clock, when it was sent. */
  at: number
  method: string
  params: unknown
} & (
  | { state: 'pending' }
  | { state: 'answered'; durationMs: number; answer: unknown }
  | { state: 'failed'; durationMs: number; error: WalletExchangeError }
)

export type WalletExchangeError = { name?: string | undefined; code?: string | number | undefined; message: string; data?: unknown }

let count = 0

/** What this page sends to wallets and what they answer. Nothing that could be a secret is passed on. */
export function observeWallet(listener: (exchange: WalletExchange) => void): () => void {
  return tapWallet((request) => {
    const sent = sentOf(request)
    const startedAt = performance.now()
    listener({ ...sent, state: 'pending' })
    return (outcome) => listener({ ...sent, ...overOf(request, outcome), durationMs: Math.round(performance.now() - startedAt) })
  })
}

function sentOf({ method, params }: WalletRequest) {
  return { id: (count += 1), at: Date.now(), method: method.slice(0, 100), params: readable(params, secretsOf(params)) }
}

function overOf({ params }: WalletRequest, outcome: WalletOutcome) {
  if ('answer' in outcome) return { state: 'answered', answer: readable(outcome.answer, secretsOf(params, outcome.answer)) } as const
  return { state: 'failed', error: errorOf(outcome.error, secretsOf(params, outcome.error)) } as const
}

function errorOf(error: unknown, secrets: readonly string[]): WalletExchangeError {
  const { name, code, message, data } = (typeof error === 'object' && error !== null ? error : { message: error }) as { [field: string]: unknown }
  const said = readable({ name, code, message, data }, secrets) as { [field: string]: unknown }
  return {
    ...(typeof said['name'] === 'string' ? { name: said['name'] } : {}),
    ...(typeof said['code'] === 'string' || typeof said['code'] === 'number' ? { code: said['code'] } : {}),
    message: typeof said['message'] === 'string' ? said['message'] : 'no reason given',
    ...(said['data'] === undefined ? {} : { data: said['data'] }),
  }
}

/** An object of a wallet may refuse to be looked at. */
function readable(value: unknown, secrets: readonly string[]): unknown {
  return quietly(() => ({ value: redactWire(value, secrets) }))?.value ?? (value === null || value === undefined ? value : '[left out: unreadable]')
}

function secretsOf(...values: readonly unknown[]): string[] {
  return values.flatMap((value) => quietly(() => secretsIn(value)) ?? [])
}
