import type { ContractCallPermission, FunctionScope, Permission, PermissionType } from '../permissions/permission.js'
import type { Expression, FieldLoss, WalletAbilities } from './dialect.js'

const wholeSession = 'the wallet limits amounts for the whole session only'

/** Why the drafts of 2024 have no words for a type; undefined where they do. */
const wordless = {
  'contract-call': undefined,
  'erc20-token-allowance': undefined,
  'erc20-token-periodic': wholeSession,
  'erc20-token-stream': wholeSession,
  'native-token-allowance': undefined,
  'native-token-periodic': wholeSession,
  'native-token-stream': wholeSession,
  'erc721-token-transfer': 'the wallet has no permission for a single token of a collection',
} as const satisfies Record<PermissionType, string | undefined>

/**
 * Permissions in the words of ERC-7715's drafts of 2024: calls of a contract by function, amounts for the whole session.
 * There is no start, no payee and no argument.
 *
 * @param abilities `rules` are the wallet's policy types: what is a rule in 2026 is a policy here
 */
export function express2024(permissions: readonly Permission[], abilities: WalletAbilities): readonly Expression[] {
  const expressions = permissions.map((permission) => expressOne(permission, abilities))
  return abilities.counts === 'transactions' ? countedTogether(permissions, expressions) : expressions
}

function expressOne(permission: Permission, { types, rules, functionsOnly }: WalletAbilities): Expression {
  const { type } = permission
  const impossible = wordless[type]
  if (impossible) return { impossible }
  if (types && !types.has(type)) return { impossible: `the wallet does not grant ${type}` }
  if (permission.type === 'contract-call' && !permission.functions && functionsOnly) {
    return { impossible: 'the wallet takes a contract function by function only' }
  }
  const policies = rules?.get(type)
  if (permission.type !== 'contract-call' && policies && !policies.has('token-allowance')) {
    return { impossible: 'the wallet has no token-allowance policy, so it would hold transfers to no amount' }
  }
  if (permission.type === 'contract-call' && permission.callLimit !== undefined && policies && !policies.has('call-limit')) {
    return { impossible: 'the wallet has no call-limit policy, so nobody would count the calls' }
  }
  const { startTime, ...anytime } = permission
  const start: FieldLoss[] =
    startTime === undefined ? [] : [{ field: 'startTime', kind: 'widened', reason: 'the wallet lets every permission begin at once' }]
  const rest = anytime.type === 'contract-call' ? expressCall(anytime) : expressPayee(anytime as Permission)
  return { permission: rest.permission, losses: [...start, ...rest.losses] }
}

type Expressed = { permission: Permission; losses: readonly FieldLoss[] }

function expressPayee(permission: Permission): Expressed {
  if (!('payee' in permission)) return { permission, losses: [] }
  const { payee, ...anyone } = permission
  const losses: FieldLoss[] = payee === undefined ? [] : [{ field: 'payee', kind: 'widened', reason: 'the wallet cannot hold it to one recipient' }]
  return { permission: anyone as Permission, losses }
}

function expressCall({ functions, valueLimit, ...call }: ContractCallPermission): Expressed {
  const losses: FieldLoss[] = [
    ...(functions ?? []).flatMap((scope, index): FieldLoss[] =>
      isPinned(scope)
        ? [{ field: `functions[${index}].args`, kind: 'widened', reason: `the wallet cannot hold ${scope.signature} to certain arguments` }]
        : [],
    ),
    ...(valueLimit > 0n ? [{ field: 'valueLimit', kind: 'narrowed', reason: 'a call that the wallet allows carries no native token' } as const] : []),
  ]
  return {
    permission: {
      ...call,
      ...(functions ? { functions: withoutArguments(functions) } : {}),
      valueLimit: 0n,
    },
    losses,
  }
}

/** One count for the whole grant, so the smallest limit is everybody's. */
function countedTogether(asked: readonly Permission[], expressions: readonly Expression[]): readonly Expression[] {
  const said = expressions.flatMap((expression) => ('impossible' in expression ? [] : [expression.permission]))
  const limits = said.flatMap((permission) => callLimitOf(permission) ?? [])
  if (limits.length === 0) return expressions
  const callLimit = Math.min(...limits)
  return expressions.map((expression, index): Expression => {
    if ('impossible' in expression || expression.permission.type !== 'contract-call') return expression
    const limited = callLimitOf(asked[index] as Permission) !== undefined
    const loss: FieldLoss = limited
      ? { field: 'callLimit', kind: 'widened', reason: `the wallet counts ${callLimit} transactions for the whole session, and each may hold several calls` }
      : { field: 'callLimit', kind: 'narrowed', reason: `the wallet counts ${callLimit} transactions for the whole session` }
    return { permission: { ...expression.permission, callLimit }, losses: [...expression.losses, loss] }
  })
}

function callLimitOf(permission: Permission): number | undefined {
  return permission.type === 'contract-call' ? permission.callLimit : undefined
}

/** An empty list pins too: the function's four bytes and nothing after them. */
function isPinned({ args }: FunctionScope): boolean {
  return args !== undefined && (args.length === 0 || args.some((value) => value !== null))
}

/** Without their arguments, two scopes of one function are the same. */
function withoutArguments(functions: readonly FunctionScope[]): readonly FunctionScope[] {
  return [...new Set(functions.map(({ signature }) => signature))].map((signature) => ({ signature }))
}
