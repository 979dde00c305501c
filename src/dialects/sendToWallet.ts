import { quietly } from '../errors/quietly.js'
import type { Dialect, Provider } from './dialect.js'

export type WalletRequest = Parameters<Provider['request']>[0]
export type WalletOutcome = { answer: unknown } | { error: unknown }

/** Is told of a request when it is sent, secrets and all; what it gives back is told what came of it. Only `observeWallet` is one. */
export type WalletTap = (request: WalletRequest) => (outcome: WalletOutcome) => void

const taps = new Set<WalletTap>()

/** Every request of this page passes by the tap until it is taken off again. What it throws reaches nobody. */
export function tapWallet(tap: WalletTap): () => void {
  taps.add(tap)
  return () => taps.delete(tap)
}

/** The one way to a wallet, so that whoever watches sees all of it. Its own promise is handed out, watched or not. */
export function sendToWallet(provider: Provider, request: WalletRequest, dialect?: Pick<Dialect, 'request'>): Promise<unknown> {
  const send = () => (dialect?.request ? dialect.request(provider, { params: [], ...request }) : provider.request(request))
  if (taps.size === 0) return send()
  const ends = [...taps].map((tap) => quietly(() => tap(request)))
  const tell = (outcome: WalletOutcome) => ends.forEach((end) => quietly(() => end?.(outcome)))
  const answering = send()
  // A wallet may be no more of a promise than it has to.
  void Promise.resolve(answering).then((answer) => tell({ answer }), (error: unknown) => tell({ error }))
  return answering
}
