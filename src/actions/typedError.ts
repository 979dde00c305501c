import { SessionKeyError } from '../errors/SessionKeyError.js'
import { findRevertError } from '../execution/errors.js'
import { RelayRevertedError, RelaySimulationError } from '../execution/relayErrors.js'

/** What the contracts said, where it was they who refused. Our own errors already say what became of the call. */
export function typedError(error: Error): Error {
  const carriesRevert = error instanceof RelaySimulationError || error instanceof RelayRevertedError || !(error instanceof SessionKeyError)
  return (carriesRevert && findRevertError(error)) || error
}
