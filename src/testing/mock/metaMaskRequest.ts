import { getAddress, isAddressEqual, numberToHex, type Address, type Hex } from 'viem'
import * as v from 'valibot'
import { metaMaskData, metaMaskRules, type MetaMaskType } from './metaMaskTypes.js'
import type { MockWalletState } from './mockDialect.js'
import { invalidParams, rpcError } from './rpcError.js'

export type MetaMaskRequest = {
  chainId: Hex
  from: Address
  to: Address
  permission: { type: MetaMaskType; isAdjustmentAllowed: boolean; data: Record<string, unknown> }
  rules: readonly { type: string; data: Record<string, unknown> }[]
}

/**
 * Reads a request in the order in which MetaMask does: its shape, its rules, its types, then the data of each.
 * @throws -32602 in shape or rules · -32602 `Unsupported permission type` · -32000 in the data · -32001 another account
 */
export function readMetaMaskRequests(params: unknown, wallet: MockWalletState): readonly MetaMaskRequest[] {
  const given = parse(requests, params, (path, message) => invalidParams(`Invalid params\n\n${path.replaceAll('.', ' > ')} - ${message}`))
  if (given.length === 0) throw invalidParams('params are empty')
  const ruled = given.map((one, index) => {
    const rules = parse(checkedRules, one.rules, (path, message) => invalidParams(`Failed type validation: ${[index, 'rules', path].filter((part) => part !== '').join('.')}: ${message}`))
    return { ...one, rules }
  })
  const unknown = ruled.find(({ permission }) => !(permission.type in metaMaskData))
  if (unknown) throw invalidParams(`Unsupported permission type: ${unknown.permission.type}`)
  return ruled.map((one) => readOne(one, wallet))
}

function readOne(given: Ruled, wallet: MockWalletState): MetaMaskRequest {
  const { chainId, from, to, rules } = given
  const { isAdjustmentAllowed } = given.permission
  const type = given.permission.type as MetaMaskType
  if (Number(chainId) !== wallet.chainId) throw invalidParams(`Unsupported ChainId: ${Number(chainId)}`)
  const unsupported = rules.find((rule) => !(metaMaskRules as readonly string[]).includes(rule.type))
  if (unsupported) {
    throw invalidParams(`Failed type validation: Rule type "${unsupported.type}" is not supported for permission type "${type}". Supported: ${metaMaskRules.join(', ')}`)
  }
  const invalidInput = (message: string) => rpcError(-32000, message)
  const data: Record<string, unknown> = parse(metaMaskData[type], given.permission.data, (path, message) => {
    return invalidInput(`Failed type validation: data.${path}: ${message}`)
  })
  const expiry = rules.find((rule) => rule.type === 'expiry')?.data['timestamp']
  if (typeof expiry === 'number' && typeof data['startTime'] === 'number' && data['startTime'] >= expiry) {
    throw invalidInput('Invalid startTime: must be before expiry')
  }
  const payees = rules.find((rule) => rule.type === 'payee')?.data['addresses']
  if (Array.isArray(payees) && payees.length > 1 && type.startsWith('erc20')) {
    throw invalidInput('Multiple payee addresses are not currently supported for ERC20 permissions.')
  }
  if (from && !isAddressEqual(from as Address, wallet.account)) throw rpcError(-32001, 'Requested address not found')
  return {
    chainId: numberToHex(Number(chainId)),
    from: wallet.account,
    to: getAddress(to),
    permission: { type, isAdjustmentAllowed, data },
    rules,
  }
}

/** Any case: the check is a pattern. */
const address = v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/i, 'Expected an Ethereum address'))
const record = v.record(v.string(), v.unknown())
const rule = v.strictObject({ type: v.string(), data: record })
const requests = v.array(
  v.strictObject({
    chainId: v.pipe(v.string(), v.regex(/^0x[0-9a-f]+$/i, 'Expected a hex string')),
    from: v.optional(address),
    to: address,
    permission: v.strictObject({ type: v.string(), isAdjustmentAllowed: v.boolean(), data: record }),
    rules: v.optional(v.nullable(v.array(rule))),
  }),
)
type Ruled = v.InferOutput<typeof requests>[number] & { rules: v.InferOutput<typeof checkedRules> }

const addresses = v.object({ addresses: v.pipe(v.array(v.pipe(address, v.transform((value) => getAddress(value)))), v.minLength(1)) })
const ruleData: Record<string, v.GenericSchema<unknown, Record<string, unknown>>> = {
  expiry: v.object({ timestamp: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  redeemer: addresses,
  payee: addresses,
}
/** The middleware lets a request without rules through; the permissions snap behind it does not. */
const checkedRules = v.pipe(
  v.array(rule, 'Required'),
  v.check((rules) => new Set(rules.map(({ type }) => type)).size === rules.length, 'Duplicate rule types are not allowed'),
  v.check((rules) => rules.every(({ type, data }) => !ruleData[type] || v.is(ruleData[type], data)), 'Expiry, redeemer or payee cannot be read'),
  v.transform((rules) => rules.map(({ type, data }) => ({ type, data: ruleData[type] ? v.parse(ruleData[type], data) : data }))),
)

function parse<schema extends v.GenericSchema>(schema: schema, value: unknown, error: (path: string, message: string) => Error): v.InferOutput<schema> {
  const result = v.safeParse(schema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  throw error(v.getDotPath(issue) ?? '', issue.message)
}
