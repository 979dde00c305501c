import { decodeDelegations, encodeDelegations, type Hex as CoreHex } from '@metamask/delegation-core'
import { decodeAbiParameters, toFunctionSelector, type Hex } from 'viem'
import { framework } from '../../../src/delegation/framework.js'
import type { FunctionScope, Permission } from '../../../src/permissions/permission.js'

/**
 * Does `granted` go beyond every one of `asked`? Written apart from `compare`, to judge it: fields that bound an amount may be smaller,
 * a start may be later, a payee or a list of functions may be added or shortened; all else must be the same.
 */
export function goesBeyond(asked: readonly Permission[], granted: Permission): boolean {
  return !asked.some((permission) => isInside(permission as Fields, granted as Fields))
}

/**
 * Does an answer of 2024 hold something that the manager would redeem, one or more of them, in whatever order and with whatever behind?
 * Read with somebody else's decoder. Such a grant must have been compared, delegation by delegation.
 */
export function holdsDelegations(answer: unknown): boolean {
  const given = Array.isArray(answer) ? (answer as unknown[])[0] : answer
  const { permissionsContext, signerData } = (given ?? {}) as { permissionsContext?: unknown; signerData?: { submitToAddress?: unknown } | null }
  if (typeof permissionsContext !== 'string') return false
  const submitTo = signerData?.submitToAddress
  const elsewhere = typeof submitTo === 'string' && submitTo.toLowerCase() !== framework.DelegationManager.toLowerCase()
  return !elsewhere && [permissionsContext, ...inBundle(permissionsContext)].some(isRedeemable)
}

function inBundle(context: string): readonly string[] {
  try {
    return decodeAbiParameters([{ type: 'bytes[]' }], context as Hex)[0]
  } catch {
    return []
  }
}

/** That decoder shortens what was cut off, where the contract gives up; it may be missing the padding of its last word only. */
function isRedeemable(context: string): boolean {
  try {
    const delegations = decodeDelegations(context as CoreHex)
    return delegations.length > 0 && context.toLowerCase().startsWith(encodeDelegations(delegations).slice(0, -2 * 31))
  } catch {
    return false
  }
}

type Fields = { readonly [field: string]: unknown; type: string }

function isInside(asked: Fields, granted: Fields): boolean {
  const fields = [...new Set([...Object.keys(asked), ...Object.keys(granted)])].filter((field) => field !== 'optional')
  return fields.every((field) => {
    const [a, g] = [asked[field], granted[field]]
    switch (field) {
      case 'limit':
      case 'callLimit':
      case 'valueLimit':
      case 'perSecond':
      case 'initial':
      case 'max':
        return a === undefined || (g !== undefined && BigInt(g as bigint) <= BigInt(a as bigint) && BigInt(g as bigint) >= 0n)
      case 'startTime':
        return a === undefined || (g !== undefined && (g as number) >= (a as number))
      case 'payee':
        return a === undefined || text(a) === text(g)
      case 'functions':
        return isSubset(a as FunctionScope[] | undefined, g as FunctionScope[] | undefined)
      default:
        return text(a) === text(g)
    }
  })
}

function isSubset(asked: readonly FunctionScope[] | undefined, granted: readonly FunctionScope[] | undefined): boolean {
  if (!asked) return true
  if (!granted || granted.length === 0) return false
  return granted.every((one) =>
    asked.some((other) => {
      if (toFunctionSelector(one.signature) !== toFunctionSelector(other.signature)) return false
      if (other.args?.length === 0) return one.args?.length === 0
      return (other.args ?? []).every((pinned, index) => pinned === null || text(pinned) === text(one.args?.[index]))
    }),
  )
}

function text(value: unknown): string {
  return String(value).toLowerCase()
}
