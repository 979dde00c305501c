import type { ConditionRule } from './condition.js'
import type { RecurringRule } from './recurring.js'

/** What an automation does: made by `recurring`, `condition` or `topUp`. */
export type AutomationRule = RecurringRule | ConditionRule
