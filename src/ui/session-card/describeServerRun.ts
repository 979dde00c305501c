import { amountOf, descriptionContext, nativeTokenOf, tokenOf } from '../../permissions/description.js'
import { untrustedText } from '../../permissions/untrustedText.js'
import type { Permission } from '../../permissions/permission.js'
import type { ServerNextRun, ServerRun } from '../../sessions/activityWire.js'
import { describeAction, wordsOf, type DescribeActionOptions } from './describeAction.js'

export type ServerRunDescription = {
  /** `Charged`, `Missed` */
  outcome: string
  /** `20 GOLD`, `repair on Sword`; where nothing was to be called yet, the rule's name. */
  what: string
  /** What it means, where the outcome does not say it all. */
  reason: string | undefined
}

/** What a server did, or could not do, in words. What was paid is said as paid only where the chain shows that it was. */
export function describeServerRun(run: ServerRun, options: DescribeActionOptions): ServerRunDescription {
  const { messages } = options
  const paid = run.status === 'done' && !run.error ? paidIn(run, options) : undefined
  return {
    outcome: paid === undefined ? messages.serverOutcome[run.status] : messages.serverCharged,
    what: paid ?? (run.calls.length > 0 ? describeAction({ ...run, outcome: { status: 'done' } }, options).what : ruleName(run, options)),
    reason: reasonOf(run, options),
  }
}

/** `20 GOLD`, where it paid and did nothing else. */
function paidIn({ calls, moreCalls = 0 }: ServerRun, options: DescribeActionOptions): string | undefined {
  const context = descriptionContext(options)
  const paid = new Map<string, bigint>()
  for (const { to, tokenAmount } of calls) {
    if (tokenAmount === undefined) return undefined
    paid.set(to, (paid.get(to) ?? 0n) + tokenAmount)
  }
  if (paid.size === 0 || moreCalls > 0) return undefined
  const amounts = [...paid].map(([token, amount]) => amountOf(context, tokenOf(context, token as `0x${string}`), amount))
  return new Intl.ListFormat(context.locale, { type: 'conjunction' }).format(amounts)
}

function ruleName({ rule }: Pick<ServerRun, 'rule'>, { messages }: DescribeActionOptions): string {
  return messages.quoted(untrustedText(rule, 80) ?? '?')
}

function reasonOf({ status, attempts, error }: ServerRun, { messages }: DescribeActionOptions): string | undefined {
  const words = error && wordsOf(error.name, messages)
  switch (status) {
    case 'due':
      return attempts > 0 ? messages.serverTriedAgain(words) : messages.serverDue
    case 'done':
      return error ? messages.serverEffectMissing : undefined
    case 'nothing':
      return undefined
    case 'missed':
      return messages.serverMissed
    case 'over-budget':
      return messages.serverOverBudget
    case 'ended':
      return messages.serverEnded
    case 'failed':
      if (error?.name === 'EffectMissingError') return messages.serverEffectMissing
      return error && mayHaveHappened.includes(error.name) ? messages.activityUnknown(words) : messages.serverFailed(words)
    default:
      return status satisfies never
  }
}

/** That it failed is then not known. */
const mayHaveHappened: readonly string[] = ['TransactionOutcomeUnknownError', 'RelayOutcomeUnknownError', 'UserOperationOutcomeUnknownError']

/** What the next time may cost: `at most 20 GOLD`. How much it will be nobody has decided yet; the rule's name where no single limit says. */
export function describeNextRun(next: ServerNextRun, permissions: readonly Permission[], options: DescribeActionOptions): string {
  const context = descriptionContext(options)
  const [permission, ...others] = permissions
  if (permission && others.length === 0) {
    if (permission.type === 'erc20-token-periodic') return options.messages.serverAtMost(amountOf(context, tokenOf(context, permission.token), permission.limit))
    if (permission.type === 'native-token-periodic') return options.messages.serverAtMost(amountOf(context, nativeTokenOf(context), permission.limit))
  }
  return ruleName(next, options)
}
