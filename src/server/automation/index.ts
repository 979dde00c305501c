export { createAutomation, type Automation, type CreateAutomationParameters } from './createAutomation.js'
export { runOnce, type RunOnceParameters } from './runOnce.js'
export type { RunOutcome } from './attemptRun.js'
export type { AutomationRule } from './automationRule.js'
export { recurring, type RecurringParameters, type RecurringRule } from './recurring.js'
export { condition, type ConditionParameters, type ConditionRule } from './condition.js'
export { topUp, type TopUpParameters } from './topUp.js'
export type { CronSchedule } from './cronTimes.js'
export { periodAt, type Period } from './timing.js'
export type { RunKey } from './jobId.js'
export type { PauseWords } from './pauses.js'
export type { RunCounts, RunsQuery } from './runBook.js'
export type { NextQuery, NextRun } from './schedule.js'
export type { AutomationErrorContext, AutomationObserver, RunAttributes } from './observe.js'
export {
  AutomationNotRunningError,
  ClockNotNamedError,
  InvalidRuleError,
  OverlappingRunsError,
  RunNotFailedError,
  UnknownPeriodError,
  UnknownRuleError,
} from './errors.js'
export { createDatabaseStore } from './createDatabaseStore.js'
export type { Database, DatabaseQuery } from './database.js'
export { DatabaseClosedError, DatabaseFolderError, DatabaseLockedError, DatabaseTooNewError, DatabaseUnreachableError, InvalidDatabaseUrlError } from './databaseErrors.js'
export { openDatabase, type OpenDatabaseErrorType, type OpenDatabaseOptions } from './openDatabase.js'
export { RuleTooSlowError } from './inTime.js'
export type { RetryPolicy, RuleCommon, RuleContext, RunBudget } from './rule.js'
export type { Run, RunStatus } from './run.js'

export { MissingPackageError } from '../../errors/MissingPackageError.js'
