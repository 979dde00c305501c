export { SessionKeyProvider, type SessionKeyProviderProps } from './react/SessionKeyProvider.js'
export { useCheckCalls, type UseCheckCallsParameters, type UseCheckCallsReturnType } from './react/useCheckCalls.js'
export { useContractMetadata, type UseContractMetadataParameters, type UseContractMetadataReturnType } from './react/useContractMetadata.js'
export { useEndSessions, type UseEndSessionsParameters, type UseEndSessionsReturnType } from './react/useEndSessions.js'
export { useGrantPermissions, type UseGrantPermissionsParameters, type UseGrantPermissionsReturnType } from './react/useGrantPermissions.js'
export { usePendingConsent, type UsePendingConsentReturnType } from './react/usePendingConsent.js'
export { usePermissionUsage, type UsePermissionUsageParameters, type UsePermissionUsageReturnType } from './react/usePermissionUsage.js'
export { useRenewSession, type UseRenewSessionParameters, type UseRenewSessionReturnType } from './react/useRenewSession.js'
export { useRevokePermissions, type UseRevokePermissionsParameters, type UseRevokePermissionsReturnType } from './react/useRevokePermissions.js'
export { useSendSessionCalls, type UseSendSessionCallsParameters, type UseSendSessionCallsReturnType } from './react/useSendSessionCalls.js'
export {
  useServerActivity,
  type ServerActivityStatus,
  type UseServerActivityParameters,
  type UseServerActivityReturnType,
} from './react/useServerActivity.js'
export { useServerSession, type UseServerSessionParameters, type UseServerSessionReturnType } from './react/useServerSession.js'
export { useSessionActivity, type UseSessionActivityParameters, type UseSessionActivityReturnType } from './react/useSessionActivity.js'
export { useSessionKey, type UseSessionKeyParameters, type UseSessionKeyReturnType } from './react/useSessionKey.js'
export { useSessionKeyConfig, SessionKeyProviderNotFoundError } from './react/useSessionKeyConfig.js'
export { useSessionKeys, type UseSessionKeysParameters, type UseSessionKeysReturnType } from './react/useSessionKeys.js'
export { useSessionStorage } from './react/useSessionStorage.js'
export {
  useSupportedPermissions,
  type UseSupportedPermissionsParameters,
  type UseSupportedPermissionsReturnType,
} from './react/useSupportedPermissions.js'
export {
  endSessionsMutationOptions,
  grantPermissionsMutationOptions,
  renewSessionMutationOptions,
  revokePermissionsMutationOptions,
  sendSessionCallsMutationOptions,
} from './react/mutationOptions.js'
export {
  checkCallsQueryKey,
  checkCallsQueryOptions,
  getContractMetadataQueryKey,
  getContractMetadataQueryOptions,
  getPermissionUsageQueryKey,
  getPermissionUsageQueryOptions,
  getSupportedPermissionsQueryKey,
  getSupportedPermissionsQueryOptions,
} from './react/queryOptions.js'
export { getServerActivityQueryKey, getServerActivityQueryOptions } from './react/serverActivityOptions.js'
export {
  getServerSessionQueryKey,
  getServerSessionQueryOptions,
  grantServerSessionMutationOptions,
} from './react/serverSessionOptions.js'

export { createSessionKeyConfig, type CreateSessionKeyConfigParameters, type DescriptorSource, type PaidRelay, type SessionKeyConfig } from './actions/createSessionKeyConfig.js'
export type { CheckCallsReturnType } from './actions/checkCalls.js'
export type { EndSessionsErrorType, EndSessionsParameters, EndSessionsReturnType } from './actions/endSessions.js'
export type { GetContractMetadataErrorType, GetContractMetadataParameters, GetContractMetadataReturnType } from './actions/getContractMetadata.js'
export { getNetworkFees, type GetNetworkFeesErrorType, type GetNetworkFeesParameters, type GetNetworkFeesReturnType } from './actions/getNetworkFees.js'
export type { GetPermissionUsageReturnType } from './actions/getPermissionUsage.js'
export type { GrantPermissionsErrorType, GrantPermissionsParameters, GrantPermissionsReturnType } from './actions/grantPermissions.js'
export type {
  GrantServerSessionErrorType,
  GrantServerSessionParameters,
  GrantServerSessionReturnType,
  ServerSessionStep,
} from './actions/grantServerSession.js'
export type { GetServerActivityErrorType, GetServerActivityParameters, GetServerActivityReturnType } from './actions/getServerActivity.js'
export type { ServerJobs, ServerNextRun, ServerRun, ServerRunStatus, ServerSessionSeen, ServerUsage } from './sessions/activityWire.js'
export type { GetServerSessionErrorType, GetServerSessionParameters, GetServerSessionReturnType } from './actions/getServerSession.js'
export type { ServerEndpoint } from './actions/serverEndpoint.js'
export { ServerRefusedActivityError, ServerRefusedSessionError, ServerUnreachableError } from './actions/serverErrors.js'
export type { ServerSessionStatus } from './actions/serverSessionStatus.js'
export type { GetSupportedPermissionsErrorType, GetSupportedPermissionsReturnType } from './actions/getSupportedPermissions.js'
export type { RenewSessionErrorType, RenewSessionParameters, RenewSessionReturnType } from './actions/renewSession.js'
export type { RevokePermissionsErrorType, RevokePermissionsParameters, RevokePermissionsReturnType } from './actions/revokePermissions.js'
export type { SendSessionCallsErrorType, SendSessionCallsParameters, SendSessionCallsReturnType } from './actions/sendSessionCalls.js'
export type { SessionSelector } from './actions/getSessionKey.js'
export type { ConsentApproval, ConsentDecision, ConsentRejection, ConsentRequest, ConsentTerms, ExistingTerms } from './consent/consentRequest.js'
export type { Dialect, Expression, GrantAnswer, GrantRequest, KnownGrant, Loss, WalletAbilities, WalletProbe } from './dialects/dialect.js'
export type { DialectId } from './dialects/dialects.js'
export {
  openfortBackend,
  type OpenfortBackendParameters,
  type OpenfortRevokeRequest,
  type OpenfortSessionRequest,
} from './dialects/openfortBackend.js'
export type { Executor, ExecutorRequest } from './execution/executor.js'
export { openfortExecutor, type OpenfortExecutorParameters } from './execution/openfortExecutor.js'
export {
  OpenfortCallsRevertedError,
  OpenfortIntentError,
  OpenfortOutcomeUnknownError,
  OpenfortRefusedError,
} from './execution/openfortErrors.js'
export {
  UnexpectedDigestError,
  WalletCallsFailedError,
  WalletCallsOutcomeUnknownError,
  WalletCallsPartialError,
  WalletCannotActError,
  WalletRefusedCallsError,
} from './execution/walletCallsErrors.js'
export { walletCallsExecutor } from './execution/walletCallsExecutor.js'
export { createIndexedDbStore } from './sessions/indexedDbStore.js'
export { createMemoryStore } from './sessions/memoryStore.js'
export type { SessionStorageState } from './sessions/sessionBook.js'
export type { ActionOutcome, CallMade, SessionAction } from './sessions/sessionAction.js'
export type { OpenableKey, SessionChange, SessionHistory, SessionQuery, SessionStore } from './sessions/store.js'
export type { EnrolledSession } from './sessions/enrolmentWire.js'
export type { Session, SessionId } from './sessions/session.js'
export type { SessionStatus } from './sessions/status.js'

export { SessionKeyError } from './errors/SessionKeyError.js'
export {
  BundlerNotConfiguredError,
  ChainNotConfiguredError,
  NotConnectedError,
  RelayNotConfiguredError,
} from './actions/configErrors.js'
export {
  ConnectionChangedError,
  ExecutorNotConfiguredError,
  FeeRelayNotConfiguredError,
  KeyHeldElsewhereError,
  NothingToRevokeError,
  OtherWalletError,
  RevocationNotConfirmedError,
  RevokeInWalletError,
  SessionBusyError,
  SessionOutdatedError,
  SkipCheckNotAllowedError,
} from './actions/errors.js'
export { ConsentNotMountedError } from './consent/consentQueue.js'
export { ConsentTermsError } from './consent/agreedTerms.js'
export {
  InvalidWalletResponseError,
  PermissionNotSupportedError,
  PermissionWidenedError,
  UnknownLossError,
  UnsupportedWalletError,
  WalletAccountMismatchError,
  WalletBackendError,
  WalletBusyError,
  WalletChainMismatchError,
  WalletMethodNotSupportedError,
  WalletRefusedRequestError,
  WalletTimeoutError,
} from './dialects/errors.js'
export { AccountNotDeployedError } from './execution/deployDependencies.js'
export { SessionAccountNotDeployedError } from './execution/deploySessionAccount.js'
export { OnceNotSupportedError } from './execution/onceNotKept.js'
export {
  AlreadyRedeemedError,
  AlteredDelegationError,
  ArgumentNotAllowedError,
  CallLimitExceededError,
  CallRefusedError,
  ContractNotAllowedError,
  FunctionNotAllowedError,
  GasCapExceededError,
  PayeeNotAllowedError,
  RedeemerNotAllowedError,
  RelayRequiredError,
  SendQueueFullError,
  SessionCallRevertedError,
  SessionExpiredError,
  SessionNotStartedError,
  SessionRevokedError,
  SignedCallExpiredError,
  SpendLimitExceededError,
  TransactionOutcomeUnknownError,
  ValueLimitExceededError,
  WrongSessionKeyError,
} from './execution/errors.js'
export type { RelayConfirmation } from './execution/relayLane.js'
export {
  InvalidRelayConfigError,
  RelayInvalidResponseError,
  RelayOutcomeUnknownError,
  RelayRejectedError,
  RelayRevertedError,
  RelaySimulationError,
  RelayTimeoutError,
  RelayUnknownTransactionError,
  RelayUnreachableError,
  RelayUnsupportedChainError,
} from './execution/relayErrors.js'
export {
  NetworkFeesNotAllowedError,
  RelayFeesNotSupportedError,
  RelayFeeTakenError,
  RelayFeeTokenError,
  RelayFeeTooHighError,
  RelayFeeTooLowError,
  RelayFeeUnaffordableError,
  RelayQuoteExpiredError,
  RelaySignatureRefusedError,
  RelayTaskRevertedError,
} from './execution/relayFeeErrors.js'
export type { RelayFeeTerms } from './execution/delegationRelayClient.js'
export type { PaymasterParameters } from './execution/paymaster.js'
export type { UserOperationFees, UserOperationLaneParameters } from './execution/userOperationLane.js'
export {
  BundlerUnreachableError,
  InvalidBundlerConfigError,
  PaymasterRefusedError,
  UserOperationOutcomeUnknownError,
  UserOperationRefusedError,
  UserOperationRevertedError,
} from './execution/userOperationErrors.js'
export { ExtractableKeyError, KeyKindNotSupportedError, KeyNotHereError, KeyUnreadableError } from './keys/errors.js'
export type { ContractSigner, SessionSigner } from './keys/sessionSigner.js'
export type { KeyKind, StoredKey } from './keys/storedKey.js'
export {
  InvalidTransitionError,
  SessionStoreError,
  StoreNotLoadedError,
  VolatileStorageError,
} from './sessions/storageErrors.js'
export {
  AmbiguousSessionError,
  SessionChangedError,
  SessionLostError,
  SessionNotFoundError,
  SessionsLockedError,
} from './sessions/errors.js'
export { GrantFailedError, GrantLostError, GrantMismatchError } from './sessions/grantErrors.js'

export { check, type Call, type CheckParameters, type Cover, type PermissionUsage, type Refusal, type Verdict } from './permissions/check.js'
export { compare, isNotBroader, type Difference, type Terms } from './permissions/compare.js'
export { hashPermissions } from './permissions/hashPermissions.js'
export { contractCall, type ContractCallFunction, type ContractCallParameters } from './permissions/contractCall.js'
export { defineSession, defaultSessionName, type SessionDefinition } from './permissions/defineSession.js'
export {
  describeExpiry,
  describePermission,
  describeSession,
  type DescribeOptions,
  type DescribeSessionParameters,
  type DescriptionRow,
  type ExpiryDescription,
  type PermissionDescription,
} from './permissions/describe.js'
export {
  ForbiddenTargetError,
  InvalidExpiryError,
  InvalidPermissionError,
  UndoneLimitError,
  UnpinnableArgumentError,
} from './permissions/errors.js'
export { expiresIn, resolveExpiry, type Duration, type DurationParts } from './permissions/expiry.js'
export { permissionMessages, type PermissionMessages } from './permissions/messages.js'
export type { Direction } from './permissions/direction.js'
export type { ContractMetadata, PermissionMetadata } from './permissions/metadata.js'
export type {
  ContractCallPermission,
  Erc20AllowancePermission,
  Erc20PeriodicPermission,
  Erc20Permission,
  Erc20StreamPermission,
  Erc721TransferPermission,
  FunctionScope,
  NativeAllowancePermission,
  NativePeriodicPermission,
  NativePermission,
  NativeStreamPermission,
  Permission,
  PermissionType,
  UnixSeconds,
} from './permissions/permission.js'
export { networkFees, type NetworkFeesParameters } from './permissions/networkFees.js'
export { resolveRequest, type ResolvedRequest } from './permissions/resolveRequest.js'
export {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from './permissions/tokenPermissions.js'
export { validatePermissions, type ValidatePermissionsParameters } from './permissions/validatePermissions.js'
