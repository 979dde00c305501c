import { isAddressEqual, toFunctionSelector, type Address, type Hex } from 'viem'
import { parseFunctionSignature } from '../permissions/functionSignature.js'
import type { ContractCallPermission, Erc20PeriodicPermission, Permission } from '../permissions/permission.js'
import { calldataScope } from '../permissions/pinnedCalldata.js'
import type { Expression, FieldLoss } from './dialect.js'
import { portoPeriodOf, portoWildcards } from './wire/portoPermissions.js'

/**
 * One permission in Porto's words. It knows functions but no arguments, counts no calls, begins at once, and limits what
 * is spent by the calendar: a day is one in UTC, a week begins on Monday.
 *
 * @param others of the same request, as far as they stand before this one
 * @see ithacaxyz/account 767e973 `GuardedExecutor`: `canExecute`, `_execute`, `startOfSpendPeriod`
 */
export function expressPorto(permission: Permission, others: readonly Permission[]): Expression {
  switch (permission.type) {
    case 'contract-call':
      return expressCalls(permission)
    case 'erc20-token-periodic':
      return expressSpending(permission, others)
    case 'erc20-token-allowance':
      return { impossible: 'the wallet has no limit for the whole session, only one a minute, hour, day or week' }
    case 'erc20-token-stream':
    case 'native-token-stream':
      return { impossible: 'the wallet has no limit that grows' }
    case 'native-token-allowance':
    case 'native-token-periodic':
      return { impossible: 'the wallet sends its own token only with a call that it also names' }
    case 'erc721-token-transfer':
      return { impossible: 'the wallet cannot tell one token of a collection from another' }
    default:
      return permission satisfies never
  }
}

const wildcard = (what: string) => ({ impossible: `the wallet reads that ${what} as any ${what}` })

function expressCalls({ address, functions, callLimit, valueLimit, startTime, optional }: ContractCallPermission): Expression {
  if (isAddressEqual(address, portoWildcards.target)) return wildcard('address')
  // Nobody would: the wallet makes the calls, and the kit counts none itself.
  if (callLimit !== undefined) return { impossible: 'the wallet counts no calls' }
  const selectors = functions?.map(({ signature }) => toFunctionSelector(parseFunctionSignature(signature))) ?? []
  if (selectors.some((selector) => selector === portoWildcards.selector || selector === portoWildcards.noCalldata)) return wildcard('function')
  const pinned = functions?.map(calldataScope).flatMap(({ type }, index): FieldLoss[] => {
    return type === 'selector' ? [] : [{ field: `functions[${index}].args`, kind: 'widened', reason: 'the wallet cannot hold arguments' }]
  })
  const spending = selectors.flatMap((selector, index): FieldLoss[] => {
    const reason = 'the wallet counts this as spending, of which it allows none here'
    return spendingSelectors.includes(selector) ? [{ field: `functions[${index}]`, kind: 'narrowed', reason }] : []
  })
  return {
    permission: {
      type: 'contract-call',
      address,
      ...(functions ? { functions: functions.map(({ signature }) => ({ signature })) } : {}),
      valueLimit: 0n,
      ...(optional ? { optional } : {}),
    },
    losses: [
      ...(pinned ?? []),
      ...spending,
      ...(valueLimit > 0n ? [{ field: 'valueLimit', kind: 'narrowed', reason: 'the wallet lets this session spend none of its own token' } as const] : []),
      ...lost('startTime', startTime, 'the wallet begins at once'),
    ],
  }
}

/** `transfer`, `transferFrom` and `approve`: without a limit on the token they may move nothing. */
const spendingSelectors: readonly Hex[] = ['0xa9059cbb', '0x23b872dd', '0x095ea7b3']

function expressSpending({ token, limit, period, payee, optional }: Erc20PeriodicPermission, others: readonly Permission[]): Expression {
  if (isAddressEqual(token, portoWildcards.target)) return wildcard('address')
  if (!portoPeriodOf(period)) return { impossible: 'the wallet counts by the minute, hour, day or week' }
  // One of the same length takes the place of the other; of different lengths both hold. Either is not "any of these".
  if (others.some((other) => spendsToo(other, token))) return { impossible: 'the wallet holds all limits on one token at once' }
  return {
    permission: { type: 'erc20-token-periodic', token, limit, period, ...(optional ? { optional } : {}) },
    losses: [
      // Also where the start is on the calendar: before it there is another period.
      { field: 'startTime', kind: 'widened', reason: 'the wallet begins at once and counts by the calendar, so one more period may fall into the session' },
      ...lost('payee', payee, 'the wallet cannot hold it to one recipient'),
    ],
  }
}

function spendsToo(other: Permission, token: Address): boolean {
  return other.type === 'erc20-token-periodic' && isAddressEqual(other.token, token)
}

function lost(field: string, value: unknown, reason: string): FieldLoss[] {
  return value === undefined ? [] : [{ field, kind: 'widened', reason }]
}
