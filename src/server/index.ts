export { createRelay } from './createRelay.js'
export type { CreateRelayErrorType, CreateRelayParameters, Relay } from './createRelay.js'
export type { RelayLimits } from './relay/limits.js'
export { InvalidRelayLimitsError } from './relay/errors.js'
