import { toFunctionSelector } from 'viem'
import type { FunctionScope, Permission } from '../../../src/permissions/permission.js'

/**
 * Does `granted` go beyond every one of `asked`? Written apart from `compare`, to judge it: fields that bound an amount may be smaller,
 * a start may be later, a payee or a list of functions may be added or shortened; all else must be the same.
 */
export function goesBeyond(asked: readonly Permission[], granted: Permission): boolean {
  return !asked.some((permission) => isInside(permission as Fields, granted as Fields))
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
