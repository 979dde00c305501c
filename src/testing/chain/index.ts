export { startLocalChain } from './startLocalChain.js'
export type { DeployParameters, LocalChain, StartLocalChainErrorType, StartLocalChainParameters } from './startLocalChain.js'
export type { LocalChainClient } from './localChainClient.js'
export { AnvilStartError, ContractSetupError, LocalChainError, MissingPackageError, UnsupportedPlatformError } from './errors.js'
