import type { Address } from 'viem'
import type { RelayInvalidResponseError, RelayRejectedError, RelayUnreachableError, RelayUnsupportedChainError } from '../execution/relayErrors.js'
import type { RelayFeesNotSupportedError, RelayFeeTokenError } from '../execution/relayFeeErrors.js'
import { requireConnection, type SessionKeyConfig } from './createSessionKeyConfig.js'
import type { NotConnectedError } from './configErrors.js'
import { FeeRelayNotConfiguredError } from './errors.js'

export type GetNetworkFeesParameters = {
  /** Default: the connected chain. */
  chainId?: number | undefined
}

export type GetNetworkFeesReturnType = {
  token: Address
  /** Whom the relay is paid at: the payee of the permission that `networkFees` makes. */
  feeCollector: Address
  /** The least that one send costs, in the token's smallest unit. */
  minFee: bigint
}

export type GetNetworkFeesErrorType =
  | FeeRelayNotConfiguredError
  | NotConnectedError
  | RelayFeesNotSupportedError
  | RelayFeeTokenError
  | RelayInvalidResponseError
  | RelayRejectedError
  | RelayUnreachableError
  | RelayUnsupportedChainError

/**
 * What the relay asks for, before a session is asked for: `networkFees({ ...(await getNetworkFees(config)), limit })`.
 * @throws {FeeRelayNotConfiguredError} the app pays the network, or the session key does
 */
export async function getNetworkFees(config: SessionKeyConfig, parameters: GetNetworkFeesParameters = {}): Promise<GetNetworkFeesReturnType> {
  if (!config.relayFees) throw new FeeRelayNotConfiguredError()
  const { token, feeCollector, minFee } = await config.relayFees(parameters.chainId ?? requireConnection(config).chainId)
  return { token, feeCollector, minFee }
}
