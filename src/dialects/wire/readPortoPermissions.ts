import { getAddress, isAddressEqual, isHex, size, toFunctionSelector, zeroAddress, type Address, type Hex } from 'viem'
import { parseFunctionSignature, plainFunctionSignature } from '../../permissions/functionSignature.js'
import { knownFunction } from '../../permissions/knownFunctions.js'
import type { ContractCallPermission, Erc20PeriodicPermission, FunctionScope, Permission } from '../../permissions/permission.js'
import { portoPeriodSeconds, portoWildcards, transferSignature, type AnsweredPortoPermissions } from './portoPermissions.js'

/** One function of a contract; without a selector, all of them. */
type Call = { to: Address; selector: Hex | undefined; signature: string }
/** Without a token, the chain's own. */
type Spend = { token: Address | undefined; limit: bigint; period: number }

type Rows = { calls: readonly Call[]; spends: readonly Spend[]; valueLimit: bigint }
/** A permission and the rows it was read from. */
type Reading = { permission: Permission; from: readonly (Call | Spend)[] }

/**
 * Reads Porto's rows back into permissions: those that were asked for first, in their order, then whatever else the key
 * was given. No row is passed over: what has no words here appears as a call that nobody asked for.
 * @throws {InvalidPermissionError} a signature of no function
 */
export function readPortoPermissions(answered: AnsweredPortoPermissions, asked: readonly Permission[] = []): readonly Permission[] {
  const rows = rowsOf(answered)
  const answers = asked.flatMap((permission) => readAsked(permission, rows))
  const read = new Set(answers.flatMap(({ from }) => from))
  const spends = rows.spends.filter((spend) => !read.has(spend)).map((spend) => readSpend(spend, rows))
  for (const row of spends.flatMap(({ from }) => from)) read.add(row)
  const calls = readCalls({ ...rows, calls: rows.calls.filter((call) => !read.has(call)) })
  return [...answers, ...spends].map(({ permission }) => permission).concat(calls, readVerifiers(answered))
}

function rowsOf({ calls, spend = [] }: AnsweredPortoPermissions): Rows {
  const spends = spend.map(({ token, limit, period }) => {
    return { token: token === zeroAddress ? undefined : token, limit, period: portoPeriodSeconds[period] }
  })
  // Every call may carry what the key may spend of the native token.
  const valueLimit = spends.reduce((most, { token, limit }) => (!token && limit > most ? limit : most), 0n)
  return { calls: calls.map(toCall), spends, valueLimit }
}

function toCall({ to = portoWildcards.target, signature }: AnsweredPortoPermissions['calls'][number]): Call {
  if (signature === undefined) return { to, selector: undefined, signature: '' }
  if (isHex(signature) && size(signature) === 4) {
    const selector = signature.toLowerCase() as Hex
    if (selector === portoWildcards.selector) return { to, selector: undefined, signature: '' }
    return { to, selector, signature: knownFunction(selector)?.signature ?? nameless(selector) }
  }
  const plain = plainFunctionSignature(signature)
  return { to, selector: toFunctionSelector(parseFunctionSignature(plain)), signature: plain }
}

/** Four bytes name no function. This text is one, for people; its own selector is another. */
const nameless = (selector: Hex) => `unknown_${selector.slice(2)}()`

function readAsked(permission: Permission, rows: Rows): Reading[] {
  switch (permission.type) {
    case 'contract-call':
      return readAskedCalls(permission, rows)
    case 'erc20-token-periodic': {
      const { token, period } = permission
      const spend = rows.spends.find((row) => row.token && isAddressEqual(row.token, token) && row.period === period)
      return spend ? [readSpend(spend, rows)] : []
    }
    default:
      return []
  }
}

function readAskedCalls({ address, functions }: ContractCallPermission, { calls, valueLimit }: Rows): Reading[] {
  const there = calls.filter(({ to }) => isAddressEqual(to, address))
  const permission = { type: 'contract-call', address: getAddress(address), valueLimit } as const
  if (!functions) {
    const whole = there.filter(({ selector }) => selector === undefined)
    return whole.length > 0 ? [{ permission, from: whole }] : []
  }
  const kept = functions.flatMap(({ signature }): { scope: FunctionScope; from: Call[] }[] => {
    const selector = toFunctionSelector(parseFunctionSignature(signature))
    const from = there.filter((call) => call.selector === selector)
    return from.length > 0 ? [{ scope: { signature }, from }] : []
  })
  if (kept.length === 0) return []
  return [{ permission: { ...permission, functions: kept.map(({ scope }) => scope) }, from: kept.flatMap(({ from }) => from) }]
}

function readSpend(spend: Spend, { calls }: Rows): Reading {
  const { token, limit, period } = spend
  if (!token) return { permission: { type: 'native-token-periodic', limit, period }, from: [spend] }
  const transfers = calls.filter(({ to, selector }) => isAddressEqual(to, token) && selector === transferSelector)
  const permission: Erc20PeriodicPermission = { type: 'erc20-token-periodic', token, limit, period }
  return { permission, from: [spend, ...transfers] }
}

const transferSelector = toFunctionSelector(transferSignature)

function readCalls({ calls, valueLimit }: Rows): Permission[] {
  return [...new Set(calls.map(({ to }) => to))].map((address) => {
    const there = calls.filter(({ to }) => to === address)
    const whole = there.some(({ selector }) => selector === undefined)
    return { type: 'contract-call', address, ...(whole ? {} : { functions: there.map(({ signature }) => ({ signature })) }), valueLimit }
  })
}

/** Contracts that take the key's signature for the account's. */
function readVerifiers({ signatureVerification }: AnsweredPortoPermissions): Permission[] {
  const functions = [{ signature: 'isValidSignature(bytes32 hash, bytes signature)' }]
  return (signatureVerification?.addresses ?? []).map((address) => ({ type: 'contract-call', address, functions, valueLimit: 0n }))
}
