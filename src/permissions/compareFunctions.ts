import { functionSignature, parseFunctionSignature } from './functionSignature.js'
import type { FunctionScope } from './permission.js'

export type Functions = readonly FunctionScope[] | undefined

/** How the functions granted stand to those asked for; undefined where they are the same. */
export function compareFunctions(askedFor: Functions, given: Functions): 'narrower' | 'broader' | 'other' | undefined {
  const asked = readOrAll(askedFor)
  const granted = readOrAll(given)
  const within = isWithin(granted, asked)
  if (within && isWithin(asked, granted)) return undefined
  if (within) return 'narrower'
  return asked && granted && common(asked, granted).length === 0 ? 'other' : 'broader'
}

/** The functions that both lists allow. Left out means every function. */
export function commonFunctions(one: Functions, another: Functions): Functions {
  const a = readOrAll(one)
  const b = readOrAll(another)
  return a && b ? common(a, b).map(({ scope }) => scope) : (a ?? b)?.map(({ scope }) => scope)
}

/** Read once: each is compared with many, and reading a signature takes its time. */
type ReadScope = { scope: FunctionScope; types: string }

/** An empty list compiles to no restriction at all, so it is read as one that is left out. */
function readOrAll(functions: Functions): readonly ReadScope[] | undefined {
  return functions?.length ? functions.map((scope) => ({ scope, types: typesOf(scope) })) : undefined
}

function common(a: readonly ReadScope[], b: readonly ReadScope[]): readonly ReadScope[] {
  const both = [...a.filter((one) => b.some((other) => includes(other, one))), ...b.filter((one) => a.some((other) => includes(other, one)))]
  return both.filter((one, index) => both.findIndex((other) => includes(other, one) && includes(one, other)) === index)
}

function isWithin(inner: readonly ReadScope[] | undefined, outer: readonly ReadScope[] | undefined): boolean {
  if (!outer) return true
  return inner !== undefined && inner.every((one) => outer.some((other) => includes(other, one)))
}

/** Everything that `inner` allows, `outer` allows too. */
function includes({ scope: outer, types }: ReadScope, { scope: inner, types: innerTypes }: ReadScope): boolean {
  if (types !== innerTypes) return false
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
