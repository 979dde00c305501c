import { numberToHex } from 'viem'
import * as v from 'valibot'
import type { Permission, UnixSeconds } from '../../permissions/permission.js'
import { address, amount, bytes, count, unixSeconds } from './primitives.js'

/**
 * Permissions as ERC-7715 (merged 2026-01) carries them: amounts in hex, times as numbers, expiry and payee as rules.
 * `contract-call` and `erc721-token-transfer` are the kit's own types; the ERC leaves types to other texts.
 */
export type WirePermission = { type: string; isAdjustmentAllowed: boolean; data: Record<string, unknown> }
export type WireRule = { type: string; data: Record<string, unknown> }

export function encodePermission(permission: Permission, expiry: UnixSeconds): { permission: WirePermission; rules: WireRule[] } {
  const payee = 'payee' in permission && permission.payee
  return {
    permission: { type: permission.type, isAdjustmentAllowed: false, data: encodeData(permission) },
    rules: [
      { type: 'expiry', data: { timestamp: expiry } },
      ...(payee ? [{ type: 'payee', data: { addresses: [payee] } }] : []),
    ],
  }
}

function encodeData(permission: Permission): Record<string, unknown> {
  const start = permission.startTime === undefined ? {} : { startTime: permission.startTime }
  const token = 'token' in permission ? { tokenAddress: permission.token } : {}
  switch (permission.type) {
    case 'contract-call': {
      const { address, functions = [], callLimit, valueLimit } = permission
      return {
        address,
        calls: functions.map(({ signature, args }) => (args ? { signature, args: [...args] } : signature)),
        ...(callLimit === undefined ? {} : { callLimit }),
        valueLimit: numberToHex(valueLimit),
        ...start,
      }
    }
    case 'erc20-token-allowance':
    case 'native-token-allowance':
      return { ...token, allowanceAmount: numberToHex(permission.limit), ...start }
    case 'erc20-token-periodic':
    case 'native-token-periodic':
      return { ...token, periodAmount: numberToHex(permission.limit), periodDuration: permission.period, ...start }
    case 'erc20-token-stream':
    case 'native-token-stream':
      return {
        ...token,
        initialAmount: numberToHex(permission.initial),
        maxAmount: numberToHex(permission.max),
        amountPerSecond: numberToHex(permission.perSecond),
        ...start,
      }
    case 'erc721-token-transfer':
      return { ...token, tokenId: numberToHex(permission.tokenId), ...start }
    default:
      return permission satisfies never
  }
}

const startTime = v.optional(v.nullable(unixSeconds))
/** The app's own words; shown as such, never enforced. */
const justification = v.optional(v.pipe(v.string(), v.maxLength(2000)))
const extras = { startTime, justification }
const allowance = { allowanceAmount: amount, ...extras }
const periodic = { periodAmount: amount, periodDuration: count, ...extras }
const stream = { initialAmount: v.optional(v.nullable(amount)), maxAmount: v.optional(v.nullable(amount)), amountPerSecond: amount, ...extras }
const token = { tokenAddress: address }
const signature = v.pipe(v.string(), v.maxLength(1000))

const schemas = {
  'contract-call': v.strictObject({
    address,
    calls: v.pipe(
      v.array(v.union([signature, v.strictObject({ signature, args: v.optional(v.array(v.nullable(bytes))) })])),
      v.maxLength(100),
    ),
    callLimit: v.optional(count),
    valueLimit: v.optional(amount),
    ...extras,
  }),
  'erc20-token-allowance': v.strictObject({ ...token, ...allowance }),
  'erc20-token-periodic': v.strictObject({ ...token, ...periodic }),
  'erc20-token-stream': v.strictObject({ ...token, ...stream }),
  'native-token-allowance': v.strictObject(allowance),
  'native-token-periodic': v.strictObject(periodic),
  'native-token-stream': v.strictObject(stream),
  'erc721-token-transfer': v.strictObject({ ...token, tokenId: amount, ...extras }),
}

export const wirePermissionTypes = Object.keys(schemas) as readonly Permission['type'][]

const expiryRule = v.object({ type: v.literal('expiry'), data: v.strictObject({ timestamp: v.pipe(unixSeconds, v.minValue(1)) }) })
const payeeRule = v.object({ type: v.literal('payee'), data: v.strictObject({ addresses: v.pipe(v.array(address), v.length(1)) }) })
/** Wallets may say, or add, who may redeem (MetaMask does for some sites); it only takes away. */
const redeemerRule = v.object({ type: v.literal('redeemer'), data: v.strictObject({ addresses: v.pipe(v.array(address), v.minLength(1), v.maxLength(100)) }) })
const once = <rule extends { type: string }>(rules: rule[]) => new Set(rules.map(({ type }) => type)).size === rules.length
/** What a request may say. Of two rules of one type a reader might take either. */
export const wireRules = v.pipe(v.array(v.variant('type', [expiryRule, payeeRule])), v.check(once, 'a rule is there twice'))
/** What an answer may say. */
export const answeredRules = v.pipe(v.array(v.variant('type', [expiryRule, payeeRule, redeemerRule])), v.check(once, 'a rule is there twice'))
export const wirePermission = v.object({
  type: v.picklist(wirePermissionTypes),
  isAdjustmentAllowed: v.optional(v.boolean(), false),
  data: v.record(v.string(), v.unknown()),
})

/**
 * Reads one permission and its rules.
 * @throws {v.ValiError} anything but the exact shape of its type: an unknown limit is never skipped
 */
export function decodePermission(
  { type, data }: v.InferOutput<typeof wirePermission>,
  rules: v.InferOutput<typeof answeredRules>,
): { permission: Permission; expiry: UnixSeconds | undefined; justification: string | undefined } {
  const expiry = rules.find((rule) => rule.type === 'expiry')?.data.timestamp
  const payeeRule = rules.find((rule) => rule.type === 'payee')
  const takesPayee = type !== 'contract-call' && type !== 'erc721-token-transfer'
  if (payeeRule && !takesPayee) throw new v.ValiError([issue(`A ${type} permission takes no payee rule.`)])
  const payee = payeeRule ? { payee: (payeeRule.data as { addresses: `0x${string}`[] }).addresses[0] } : {}
  const permission = { ...decodeData(type, data), ...payee } as Permission
  const words = data['justification']
  return { permission, expiry, justification: typeof words === 'string' ? words : undefined }
}

function decodeData(type: Permission['type'], data: Record<string, unknown>): Permission {
  const start = <T extends { startTime?: number | null | undefined }>({ startTime }: T) => (startTime ? { startTime } : {})
  switch (type) {
    case 'contract-call': {
      const parsed = v.parse(schemas[type], data)
      const functions = parsed.calls.map((call) =>
        typeof call === 'string' ? { signature: call } : { signature: call.signature, ...(call.args ? { args: call.args } : {}) },
      )
      return {
        type,
        address: parsed.address,
        ...(functions.length > 0 ? { functions } : {}),
        ...(parsed.callLimit === undefined ? {} : { callLimit: parsed.callLimit }),
        valueLimit: parsed.valueLimit ?? 0n,
        ...start(parsed),
      }
    }
    case 'erc20-token-allowance': {
      const parsed = v.parse(schemas[type], data)
      return { type, token: parsed.tokenAddress, limit: parsed.allowanceAmount, ...start(parsed) }
    }
    case 'erc20-token-periodic': {
      const parsed = v.parse(schemas[type], data)
      return { type, token: parsed.tokenAddress, limit: parsed.periodAmount, period: parsed.periodDuration, ...start(parsed) }
    }
    case 'erc20-token-stream': {
      const parsed = v.parse(schemas[type], data)
      return { type, token: parsed.tokenAddress, ...streamAmounts(parsed), ...start(parsed) }
    }
    case 'native-token-allowance': {
      const parsed = v.parse(schemas[type], data)
      return { type, limit: parsed.allowanceAmount, ...start(parsed) }
    }
    case 'native-token-periodic': {
      const parsed = v.parse(schemas[type], data)
      return { type, limit: parsed.periodAmount, period: parsed.periodDuration, ...start(parsed) }
    }
    case 'native-token-stream': {
      const parsed = v.parse(schemas[type], data)
      return { type, ...streamAmounts(parsed), ...start(parsed) }
    }
    case 'erc721-token-transfer': {
      const parsed = v.parse(schemas[type], data)
      return { type, token: parsed.tokenAddress, tokenId: parsed.tokenId, ...start(parsed) }
    }
    default:
      return type satisfies never
  }
}

/** A stream without a maximum grows for ever: the largest amount there is. */
const unlimited = (1n << 256n) - 1n

type WireStream = { initialAmount?: bigint | null | undefined; maxAmount?: bigint | null | undefined; amountPerSecond: bigint }

function streamAmounts({ initialAmount, maxAmount, amountPerSecond }: WireStream) {
  return { initial: initialAmount ?? 0n, max: maxAmount ?? unlimited, perSecond: amountPerSecond }
}

function issue(message: string): v.BaseIssue<unknown> {
  return { kind: 'validation', type: 'rule', input: undefined, expected: null, received: 'unknown', message }
}
