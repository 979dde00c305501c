import { verifyTypedData, type Address, type Hex } from 'viem'
import { expect, test } from 'vitest'
import { decodeContext } from '../../src/delegation/context.js'
import { delegationTypedData } from '../../src/delegation/delegation.js'
import { enforcerName, framework } from '../../src/delegation/framework.js'
import { mockWallet, type MockDecision } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000b0'
const gold: Address = '0x0000000000000000000000000000000000006011'
const method = 'wallet_requestExecutionPermissions'
const expiry = Math.floor(Date.now() / 1000) + 3 * 86_400
const rules = [{ type: 'expiry', data: { timestamp: expiry } }]

const allowance = (data: object = {}) => ({ type: 'erc20-token-allowance', isAdjustmentAllowed: false, data: { tokenAddress: gold, allowanceAmount: '0x64', ...data } })
const native = { type: 'native-token-stream', isAdjustmentAllowed: true, data: { amountPerSecond: '0x1' } }
const request = (change: object = {}) => ({ chainId: '0x7a69', to: key, permission: allowance(), rules, ...change })

type Row = { chainId: Hex; from: Address; to: Address; permission: { type: string; data: Record<string, unknown> }; rules: unknown[]; context: Hex; dependencies: []; delegationManager: Address }

function metaMask(decision: MockDecision = 'grant') {
  const wallet = mockWallet({ dialect: 'erc7715', decision })
  const ask = (name: string, params?: unknown) => wallet.provider.request({ method: name, params })
  return { ...wallet, ask, grant: (...requests: object[]) => ask(method, requests) as Promise<Row[]> }
}

const enforcersOf = (row: Row | undefined) => decodeContext(row?.context ?? '0x')[0]?.caveats.map(({ enforcer }) => enforcerName(enforcer))

test('says what it grants by the method of 2026, and nothing among its capabilities', async () => {
  const { ask } = metaMask()
  const supported = (await ask('wallet_getSupportedExecutionPermissions', [])) as Record<string, unknown>
  expect(Object.keys(supported).sort()).toEqual([
    'erc20-token-allowance',
    'erc20-token-periodic',
    'erc20-token-stream',
    'native-token-allowance',
    'native-token-periodic',
    'native-token-stream',
  ])
  expect(supported['erc20-token-allowance']).toEqual({ chainIds: ['0x7a69'], ruleTypes: ['expiry', 'redeemer', 'payee'] })
  expect(await ask('wallet_getCapabilities', [])).toEqual({ '0x7a69': { atomic: { status: 'supported' } } })
})

test('signs MetaMask’s limits, for real', async () => {
  const { grant, account } = metaMask()
  const [row] = await grant(request())
  const [delegation, ...more] = decodeContext(row?.context as Hex)
  expect(more).toEqual([])
  expect(row).toMatchObject({ chainId: '0x7a69', from: account, dependencies: [], delegationManager: framework.DelegationManager, rules })
  expect(enforcersOf(row)).toEqual(['ERC20PeriodTransferEnforcer', 'ValueLteEnforcer', 'TimestampEnforcer', 'NonceEnforcer'])
  if (!delegation) throw new Error('no delegation')
  expect(await verifyTypedData({ ...delegationTypedData(delegation, 31_337), address: account, signature: delegation.signature })).toBe(true)
})

test('asks once for several requests, each with a context of its own', async () => {
  let asked = 0
  const wallet = mockWallet({ dialect: 'erc7715', decision: () => (asked++, 'grant') })
  const rows = (await wallet.provider.request({ method, params: [request(), request({ permission: native })] })) as Row[]
  expect(asked).toBe(1)
  expect(rows.map(({ permission }) => permission.type)).toEqual(['erc20-token-allowance', 'native-token-stream'])
  expect(rows[0]?.context).not.toBe(rows[1]?.context)
})

test.each([
  ['a request with a key more', [{ ...request(), address: key }]],
  ['a permission with a key more', [request({ permission: { ...allowance(), policies: [] } })]],
  ['a rule with a key more', [request({ rules: [{ ...rules[0], isAdjustmentAllowed: true }] })]],
  ['a signer, as in the drafts', [{ ...request(), to: undefined, signer: { type: 'account', data: { address: key } } }]],
  ['a chain id in decimals', [request({ chainId: 31_337 })]],
  ['another chain', [request({ chainId: '0x1' })]],
  ['no rules', [request({ rules: undefined })]],
  ['a rule twice', [request({ rules: [...rules, ...rules] })]],
  ['a rule it does not know', [request({ rules: [{ type: 'rate-limit', data: {} }] })]],
  ['an object instead of a list', request()],
  ['nothing', []],
])('%s is malformed (-32602)', async (_, params) => {
  const { ask } = metaMask()
  await expect(ask(method, params)).rejects.toMatchObject({ code: -32602 })
})

test('it has no words for calls', async () => {
  const call = { type: 'contract-call', isAdjustmentAllowed: false, data: { address: gold, calls: [] } }
  await expect(metaMask().grant(request({ permission: call }))).rejects.toMatchObject({ code: -32602, message: 'Unsupported permission type: contract-call' })
})

test.each([
  ['an amount of nothing', request({ permission: allowance({ allowanceAmount: '0x0' }) })],
  ['a start before today', request({ permission: allowance({ startTime: expiry - 30 * 86_400 }) })],
  ['a start after the end', request({ permission: allowance({ startTime: expiry }) })],
  ['two payees of a token', request({ rules: [...rules, { type: 'payee', data: { addresses: [key, gold] } }] })],
])('%s is an invalid input (-32000)', async (_, one) => {
  await expect(metaMask().grant(one)).rejects.toMatchObject({ code: -32000 })
})

test('drops what it does not know inside the data, without a word', async () => {
  const [row] = await metaMask().grant(request({ permission: allowance({ callLimit: 1 }) }))
  expect(row?.permission.data).not.toHaveProperty('callLimit')
})

test('fills in the start, the words and the bounds that nobody asked for', async () => {
  const rows = await metaMask().grant(request(), request({ permission: native }))
  const start = expect.toSatisfy((value: number) => Math.abs(value - Date.now() / 1000) < 5) as number
  const justification = 'No justification was provided for the permission'
  expect(rows[0]?.permission.data).toEqual({ tokenAddress: gold, allowanceAmount: '0x64', startTime: start, justification })
  expect(rows[1]?.permission.data).toEqual({ initialAmount: '0x0', maxAmount: `0x${'f'.repeat(64)}`, amountPerSecond: '0x1', startTime: start, justification })
})

test('rounds a period to the nearest that it knows: three days become one', async () => {
  const periodic = { type: 'native-token-periodic', isAdjustmentAllowed: false, data: { periodAmount: '0x64', periodDuration: 3 * 86_400 } }
  const [row] = await metaMask().grant(request({ permission: periodic }))
  expect(row?.permission.data).toMatchObject({ periodDuration: 86_400 })
})

test('grants for ever what has no expiry', async () => {
  const [row] = await metaMask().grant(request({ rules: [] }))
  expect(enforcersOf(row)).not.toContain('TimestampEnforcer')
})

test('keeps to a payee and to redeemers', async () => {
  const [row] = await metaMask().grant(request({ rules: [...rules, { type: 'payee', data: { addresses: [key] } }, { type: 'redeemer', data: { addresses: [gold] } }] }))
  expect(enforcersOf(row)).toEqual(expect.arrayContaining(['AllowedCalldataEnforcer', 'RedeemerEnforcer']))
})

test('turns every other request away while one is pending', async () => {
  let decide: (decision: MockDecision) => void = () => {}
  const wallet = mockWallet({ dialect: 'erc7715', decision: () => new Promise((resolve) => (decide = resolve)) })
  const ask = (name: string, params?: unknown) => wallet.provider.request({ method: name, params })
  const grant = ask(method, [request()])
  const busy = { code: -32002, message: 'Cannot process requests while a wallet_requestExecutionPermissions request is in process' }
  for (const name of [method, 'eth_chainId', 'eth_accounts', 'wallet_getSupportedExecutionPermissions', 'eth_blockNumber']) {
    await expect(ask(name, [request()])).rejects.toMatchObject(busy)
  }
  decide('grant')
  await expect(grant).resolves.toHaveLength(1)
  await expect(ask('eth_chainId')).resolves.toBe('0x7a69')
  expect(wallet.calls).toHaveLength(7)
})

test('lists what it granted, and has no method to end it', async () => {
  const { grant, ask } = metaMask()
  const [row] = await grant(request())
  expect(await ask('wallet_getGrantedExecutionPermissions', [])).toEqual([row])
  const [listed] = (await ask('wallet_getGrantedExecutionPermissions', [])) as Row[]
  Object.assign(listed as Row, { to: gold })
  expect(await ask('wallet_getGrantedExecutionPermissions', [])).toEqual([row])
  await expect(ask('wallet_revokeExecutionPermission', [{ permissionContext: row?.context }])).rejects.toMatchObject({ code: -32601 })
  await expect(ask('wallet_revokePermissions', [{ permissionContext: row?.context }])).rejects.toMatchObject({ code: -32602 })
})

test('sends a transaction for the user, unless they decline', async () => {
  const disable = [{ to: framework.DelegationManager, data: '0x1234' }]
  const { ask, calls } = metaMask()
  const hashes = [await ask('eth_sendTransaction', disable), await ask('eth_sendTransaction', disable)]
  expect(hashes).toEqual([expect.stringMatching(/^0x[0-9a-f]{64}$/), expect.stringMatching(/^0x[0-9a-f]{64}$/)])
  expect(hashes[0]).not.toBe(hashes[1])
  expect(calls).toEqual([{ method: 'eth_sendTransaction', params: disable }, { method: 'eth_sendTransaction', params: disable }])
  await expect(metaMask('reject').ask('eth_sendTransaction', disable)).rejects.toMatchObject({ code: 4001 })
})
