import type { Hex } from 'viem'
import { calldataScope, calldataFits, type CalldataScope } from './pinnedCalldata.js'
import type { FunctionScope } from './permission.js'

/** Functions that one set of conditions covers: all unpinned ones together, each pinned one alone. */
export type FunctionGroup =
  | { type: 'selectors'; selectors: readonly Hex[] }
  | Exclude<CalldataScope, { type: 'selector' }>

export function functionGroups(functions: readonly FunctionScope[]): readonly FunctionGroup[] {
  const scopes = functions.map(calldataScope)
  const selectors = scopes.filter((scope) => scope.type === 'selector').map(({ selector }) => selector)
  const pinned = scopes.filter((scope) => scope.type !== 'selector')
  return [...(selectors.length > 0 ? [{ type: 'selectors', selectors } as const] : []), ...pinned]
}

/** Index of the group that allows the calldata, or why none does and which came nearest. */
export function findFunctionGroup(
  groups: readonly FunctionGroup[],
  data: Hex,
): { index: number } | { refused: 'other-function' | 'other-argument'; nearest: number } {
  let refused: { refused: 'other-function' | 'other-argument'; nearest: number } = { refused: 'other-function', nearest: 0 }
  for (const [index, group] of groups.entries()) {
    const scopes: readonly CalldataScope[] =
      group.type === 'selectors' ? group.selectors.map((selector) => ({ type: 'selector', selector })) : [group]
    for (const scope of scopes) {
      const fit = calldataFits(scope, data)
      if (fit === 'fits') return { index }
      if (fit === 'other-argument') refused = { refused: fit, nearest: index }
    }
  }
  return refused
}
