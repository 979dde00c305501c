import { InvalidRuleError } from './errors.js'
import type { RetryPolicy, RuleCommon } from './rule.js'

export const defaultRetry: RetryPolicy = { attempts: 5, delaySeconds: 30 }

/** What all rules have, if it can be. @throws {InvalidRuleError} */
export function checkedCommon<common extends RuleCommon>(rule: common): common {
  const { name, retry, budget, timeoutMs } = rule
  const refuse = (problem: string, help: string) => new InvalidRuleError({ rule: name, problem, help })
  if (!/^[a-z0-9-]{1,60}$/.test(name)) throw refuse('has a name that cannot be part of what runs are known by', 'Use a-z, 0-9 and -, at most 60 of them.')
  if (retry && !(isCount(retry.attempts) && retry.delaySeconds >= 0 && Number.isFinite(retry.delaySeconds))) {
    throw refuse('has a `retry` that never tries', 'Write { attempts: 5, delaySeconds: 30 }: how often in all, and how long to wait after the first.')
  }
  if (timeoutMs !== undefined && !isCount(timeoutMs)) throw refuse('has a `timeoutMs` that cannot be', 'It is in ms: 30_000.')
  if (budget && !(isCount(budget.runs) && isCount(budget.perSeconds))) throw refuse('has a `budget` of nothing', 'Write { runs: 10, perSeconds: 86_400 }.')
  return rule
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
