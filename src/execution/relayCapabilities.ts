import type { Address } from 'viem'
import * as v from 'valibot'
import { RelayInvalidResponseError, RelayUnsupportedChainError } from './relayErrors.js'
import { wireAddress, wireCount, wireIssue } from './relayWire.js'

export type RelayCapabilities = {
  /** The address that a leaf delegation must name as its delegate; undefined: the relay does not say who will send. */
  targetAddress?: Address | undefined
  /** Whom gas is paid to where it is paid in a token. */
  feeCollector?: Address | undefined
  tokens?: readonly { address: Address; decimals: number; symbol?: string | undefined }[] | undefined
}

const capabilitiesSchema = v.looseObject({
  targetAddress: v.nullish(wireAddress),
  feeCollector: v.nullish(wireAddress),
  tokens: v.nullish(v.array(v.looseObject({ address: wireAddress, decimals: wireCount, symbol: v.nullish(v.pipe(v.string(), v.maxLength(64))) }))),
})

/**
 * One chain's row of `relayer_getCapabilities`.
 * @throws {RelayInvalidResponseError} {@link RelayUnsupportedChainError}
 */
export function readRelayCapabilities(value: unknown, chainId: number): RelayCapabilities {
  const chains = v.safeParse(v.record(v.string(), v.unknown()), value)
  if (!chains.success || Array.isArray(value)) throw new RelayInvalidResponseError({ reason: 'capabilities are not an object of chains' })
  const row = Object.entries(chains.output).find(([chain]) => chainNumber(chain) === chainId)
  if (!row) {
    throw new RelayUnsupportedChainError({ chainId, supported: Object.keys(chains.output).map(chainNumber).filter(Number.isSafeInteger).slice(0, 50) })
  }
  const parsed = v.safeParse(capabilitiesSchema, row[1])
  if (!parsed.success) throw new RelayInvalidResponseError({ reason: `capabilities of chain ${chainId}: ${wireIssue(parsed.issues)}` })
  const { targetAddress, feeCollector, tokens } = parsed.output
  return {
    targetAddress: targetAddress ?? undefined,
    feeCollector: feeCollector ?? undefined,
    tokens: tokens?.map(({ address, decimals, symbol }) => ({ address, decimals, symbol: symbol ?? undefined })),
  }
}

/** Chain ids are decimal; a `0x` key is read too. */
const chainNumber = (key: string) => Number(/^(0x[0-9a-fA-F]+|[0-9]+)$/.test(key) ? key : NaN)
