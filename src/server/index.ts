export { createRelay } from './createRelay.js'
export type { CreateRelayErrorType, CreateRelayParameters, Relay } from './createRelay.js'
export type { LowBalance } from './relay/balance.js'
export { createMemoryCounters, type CounterEntry, type CounterFull, type CreateMemoryCountersParameters, type RelayCounters } from './relay/counters.js'
export type { RelayEvent, RelayEventName } from './relay/events.js'
export type { RelayHealth, RelayProblem } from './relay/health.js'
export type { RelayJournal, RelayJournalEntry } from './relay/journal.js'
export type { RelayLimits, RelayQuota, SponsoredContract } from './relay/limits.js'
export { InvalidRelayLimitsError } from './relay/errors.js'
export { createEnrolment, type CreateEnrolmentParameters, type Enrolment } from './createEnrolment.js'
export type { DefinitionSource, EnrolmentUser } from './enrolment/askedTerms.js'
export { EnrolmentRefusedError, type EnrolmentRefusal } from './enrolment/refusal.js'
export { createStatusHandler, type CreateStatusHandlerParameters, type StatusHandler, type StatusViewer } from './createStatusHandler.js'
export type { SeenAutomation, SeenNextRun } from './status/automationRuns.js'
export { StatusRefusedError, type StatusRefusal } from './status/refusal.js'
export type {
  ServerActivity,
  ServerJobs,
  ServerNextRun,
  ServerOverview,
  ServerRun,
  ServerRunStatus,
  ServerSessions,
  ServerSessionSeen,
  ServerUsage,
} from '../sessions/activityWire.js'
export type { AddressOffer, EnrolledSession, EnrolmentStatus, WireGrant } from '../sessions/enrolmentWire.js'
export {
  createSessionAgent,
  type AgentSendParameters,
  type AgentSessionsQuery,
  type AgentVerdict,
  type CreateSessionAgentParameters,
  type SentIntent,
  type SessionAgent,
} from './createSessionAgent.js'
export type { Effect } from './agent/effects.js'
export type { SessionEnded } from './agent/endings.js'
export {
  AgentSessionNotFoundError,
  EffectMissingError,
  IntentConflictError,
  IntentTooLateError,
  SessionEndedError,
  type EndReason,
} from './agent/errors.js'
export type { Intent, IntentState } from './agent/intent.js'
export type { ServerChain, ServerParameters } from './openServer.js'
export { environmentKeys, type EnvironmentKeysParameters } from './keys/environmentKeys.js'
export { EnvironmentKeyError, KmsSignatureError, SealedKeyError, WeakSecretError } from './keys/errors.js'
export type { KeptKey, KeyCustody } from './keys/keyCustody.js'
export { kmsAccount, type KmsAccountParameters } from './keys/kmsAccount.js'
export { kmsKeys, type KmsKeysParameters } from './keys/kmsKeys.js'
export { sealedKeys, type SealedKeysParameters } from './keys/sealedKeys.js'
export { AgentRowChangedError, type AgentRow, type AgentRowKind, type AgentRowQuery, type AgentStore } from './store/agentStore.js'
export type { EnrolledQuery } from './store/enrolmentLog.js'
export { createMemoryAgentStore } from './store/memoryAgentStore.js'
export { KeyInUseError } from './store/lease.js'

// What an agent throws, where the main entry point with its hooks is not to be had.
export { ChainNotConfiguredError } from '../actions/configErrors.js'
export type { GetPermissionUsageReturnType } from '../actions/permissionUsage.js'
export { SessionKeyError } from '../errors/SessionKeyError.js'
export {
  AlreadyRedeemedError,
  AlteredDelegationError,
  ArgumentNotAllowedError,
  CallLimitExceededError,
  CallRefusedError,
  ContractNotAllowedError,
  FunctionNotAllowedError,
  PayeeNotAllowedError,
  RedeemerNotAllowedError,
  SessionCallRevertedError,
  SessionExpiredError,
  SessionNotStartedError,
  SessionRevokedError,
  SignedCallExpiredError,
  SpendLimitExceededError,
  TransactionOutcomeUnknownError,
  ValueLimitExceededError,
  WrongSessionKeyError,
} from '../execution/errors.js'
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
} from '../execution/relayErrors.js'
export { KeyNotHereError } from '../keys/errors.js'
export type { SessionSigner } from '../keys/sessionSigner.js'
export type { Session, SessionId } from '../sessions/session.js'
export type { SessionStatus } from '../sessions/status.js'
