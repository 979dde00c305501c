export { checkCalls, type CheckCallsErrorType, type CheckCallsParameters, type CheckCallsReturnType } from './checkCalls.js'
export {
  createSessionKeyConfig,
  type CreateSessionKeyConfigParameters,
  type SessionKeyConfig,
} from './createSessionKeyConfig.js'
export { endSessions, type EndSessionsErrorType, type EndSessionsParameters, type EndSessionsReturnType } from './endSessions.js'
export {
  getContractMetadata,
  type GetContractMetadataErrorType,
  type GetContractMetadataParameters,
  type GetContractMetadataReturnType,
} from './getContractMetadata.js'
export { getNetworkFees, type GetNetworkFeesErrorType, type GetNetworkFeesParameters, type GetNetworkFeesReturnType } from './getNetworkFees.js'
export { getPermissionUsage, type GetPermissionUsageErrorType, type GetPermissionUsageReturnType } from './getPermissionUsage.js'
export {
  getGrantedPermissions,
  type GetGrantedPermissionsErrorType,
  type GetGrantedPermissionsReturnType,
} from './getGrantedPermissions.js'
export {
  getSupportedPermissions,
  type GetSupportedPermissionsErrorType,
  type GetSupportedPermissionsParameters,
  type GetSupportedPermissionsReturnType,
} from './getSupportedPermissions.js'
export { getSessionKey, type SessionKeyParameters, type SessionKeyState, type SessionSelector } from './getSessionKey.js'
export {
  grantPermissions,
  type GrantPermissionsErrorType,
  type GrantPermissionsParameters,
  type GrantPermissionsReturnType,
} from './grantPermissions.js'
export {
  getServerActivity,
  type GetServerActivityErrorType,
  type GetServerActivityParameters,
  type GetServerActivityReturnType,
} from './getServerActivity.js'
export {
  getServerOverview,
  type GetServerOverviewErrorType,
  type GetServerOverviewParameters,
  type GetServerOverviewReturnType,
} from './getServerOverview.js'
export {
  getServerSessions,
  type GetServerSessionsErrorType,
  type GetServerSessionsParameters,
  type GetServerSessionsReturnType,
} from './getServerSessions.js'
export {
  getServerSession,
  type GetServerSessionErrorType,
  type GetServerSessionParameters,
  type GetServerSessionReturnType,
} from './getServerSession.js'
export {
  grantServerSession,
  type GrantServerSessionErrorType,
  type GrantServerSessionParameters,
  type GrantServerSessionReturnType,
  type ServerSessionStep,
} from './grantServerSession.js'
export type { ServerEndpoint } from './serverEndpoint.js'
export { observeSessionKeys, type ObserveSessionKeysParameters, type SessionKeyEvent } from './observeSessionKeys.js'
export { reconcileSessions, type ReconcileSessionsReturnType } from './reconcileSessions.js'
export { renewSession, type RenewSessionErrorType, type RenewSessionParameters, type RenewSessionReturnType } from './renewSession.js'
export {
  revokePermissions,
  type RevokePermissionsErrorType,
  type RevokePermissionsParameters,
  type RevokePermissionsReturnType,
} from './revokePermissions.js'
export {
  sendSessionCalls,
  type SendSessionCallsErrorType,
  type SendSessionCallsParameters,
  type SendSessionCallsReturnType,
} from './sendSessionCalls.js'
export { watchSessionKeys, type WatchSessionKeysParameters } from './watchSessionKeys.js'
export { createIndexedDbStore } from '../sessions/indexedDbStore.js'
export { createMemoryStore } from '../sessions/memoryStore.js'
export type { SessionHistory, SessionStore } from '../sessions/store.js'
export type { ActionOutcome, CallMade, SessionAction } from '../sessions/sessionAction.js'
export type { Session, SessionId } from '../sessions/session.js'
export type { SessionStatus } from '../sessions/status.js'
export type { StatusChange } from '../sessions/statusChanges.js'
export type { WalletExchange, WalletExchangeError } from '../dialects/observeWallet.js'
export { openfortBackend } from '../dialects/openfortBackend.js'
export { openfortExecutor } from '../execution/openfortExecutor.js'
export { walletCallsExecutor } from '../execution/walletCallsExecutor.js'
