export type { Database } from './database.js'
export type { RetryPolicy, RuleCommon, RuleContext, RunBudget } from './rule.js'
export type { Run, RunStatus } from './run.js'
