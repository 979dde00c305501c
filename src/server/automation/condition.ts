import type { Client } from 'viem'
import type { UnixSeconds } from '../../permissions/permission.js'
import type { Session } from '../../sessions/session.js'
import { InvalidRuleError } from './errors.js'
import type { RuleCommon } from './rule.js'
import { checkedCommon } from './ruleCommon.js'

export type ConditionParameters = RuleCommon & {
  /** Read from the chain, or from anywhere. */
  when: (context: { client: Client; session: Session; now: UnixSeconds }) => boolean | Promise<boolean>
  /** `edge`: once each time it becomes true · `level`: again and again while it is. @default 'edge' */
  trigger?: 'edge' | 'level' | undefined
  /** It has to stay true for so long before anything is done. @default 0 */
  debounceSeconds?: number | undefined
  /** It is read at most so often. @default 60 */
  lookEverySeconds?: number | undefined
  /** Of a `level`: how long after one run the next may come. @default lookEverySeconds */
  cooldownSeconds?: number | undefined
}

export type ConditionRule = RuleCommon & Required<{ [key in Exclude<keyof ConditionParameters, keyof RuleCommon>]: NonNullable<ConditionParameters[key]> }> & { kind: 'condition' }

/**
 * Something to do when something is so. True when it is read for the first time counts as having become true. There is never more than one
 * run of it, for a session, that is not decided yet.
 * @throws {InvalidRuleError}
 */
export function condition(parameters: ConditionParameters): ConditionRule {
  const { trigger = 'edge', debounceSeconds = 0, lookEverySeconds = 60, cooldownSeconds = lookEverySeconds, ...rest } = parameters
  const { name } = rest
  const bounds = [debounceSeconds >= 0, lookEverySeconds >= 1, cooldownSeconds >= 0].every(Boolean) && [debounceSeconds, lookEverySeconds, cooldownSeconds].every(Number.isSafeInteger)
  if (!bounds) {
    throw new InvalidRuleError({ rule: name, problem: 'has lengths of time that cannot be', help: 'debounceSeconds and cooldownSeconds are whole seconds from 0 on, lookEverySeconds from 1 on.' })
  }
  return { ...checkedCommon(rest), kind: 'condition', trigger, debounceSeconds, lookEverySeconds, cooldownSeconds }
}
