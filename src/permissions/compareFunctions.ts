import { functionSignature, parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'

export type Functions = readonly FunctionScope[] | undefined

/** How the functions granted stand to those asked for; undefined where they are the same. */
export function compareFunctions(askedFor: Functions, given: Functions): 'narrower' | 'broader' | 'other' | undefined {
  const asked = orAll(askedFor)
  const granted = orAll(given)
  const within = isWithin(granted, asked)
  if (within && isWithin(asked, granted)) return undefined
  if (within) return 'narrower'
  const common = commonFunctions(asked, granted)
  return common && common.length === 0 ? 'other' : 'broader'
}

/** The functions that both lists allow. Left out means every function. */
export function commonFunctions(one: Functions, another: Functions): Functions {
  const a = orAll(one)
  const b = orAll(another)
  if (!a || !b) return a ?? b
  const common = [...a.filter((one) => b.some((other) => includes(other, one))), ...b.filter((one) => a.some((other) => includes(other, one)))]
  return common.filter((one, index) => common.findIndex((other) => includes(other, one) && includes(one, other)) === index)
}

/** An empty list compiles to no restriction at all, so it is read as one that is left out. */
function orAll(functions: Functions): Functions {
  return functions?.length === 0 ? undefined : functions
}

function isWithin(inner: Functions, outer: Functions): boolean {
  if (!outer) return true
  return inner !== undefined && inner.every((one) => outer.some((other) => includes(other, one)))
}

/** Everything that `inner` allows, `outer` allows too. */
function includes(outer: FunctionScope, inner: FunctionScope): boolean {
  if (typesOf(outer) !== typesOf(inner)) return false
  if (outer.args?.length === 0) return inner.args?.length === 0
  return (outer.args ?? []).every((pinned, index) => pinned === null || pinned.toLowerCase() === inner.args?.[index]?.toLowerCase())
}

/** Argument names are for people; two signatures with the same types are one function. */
function typesOf({ signature }: FunctionScope): string {
  try {
    const { name, inputs } = parseFunctionSignature(signature)
    return functionSignature({ type: 'function', name, inputs: inputs.map(unnamed), outputs: [], stateMutability: 'nonpayable' })
  } catch {
    return signature
  }
}

type Input = Parameters<typeof functionSignature>[0]['inputs'][number]

function unnamed(input: Input): Input {
  const { type } = input
  return 'components' in input ? { type, components: input.components.map(unnamed) } : { type }
}
