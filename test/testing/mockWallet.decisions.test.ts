import { isAddressEqual, type Address, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeContext } from '../../src/delegation/context.js'
import { enforcers } from '../../src/delegation/framework.js'
import { contextMismatch } from '../../src/delegation/verifyContext.js'
import { mockWallet, type MockDecision, type MockDialectId, type MockWallet } from '../../src/testing/index.js'

const key: Address = '0x00000000000000000000000000000000000000b0'
const sword: Address = '0x0000000000000000000000000000000000005401'
const gold: Address = '0x0000000000000000000000000000000000006011'
const other: Address = '0x0000000000000000000000000000000000000bad'
const now = () => Math.floor(Date.now() / 1000)
const day = 86_400

type Terms = { limit: bigint; expiry: number; target: Address; delegate: Address }
type Wire = { method: string; params: (expiry: number) => unknown[]; read: (answer: never, account: Address) => Terms; list?: string }
type Row2026 = { to: Address; permission: { data: { tokenAddress: Address; allowanceAmount: Hex; startTime?: number } }; rules: { data: { timestamp: number } }[]; context: Hex; delegationManager: Address }

const wire2026: Wire = {
  method: 'wallet_requestExecutionPermissions',
  params: (expiry) => [
    {
      chainId: '0x7a69',
      to: key,
      permission: { type: 'erc20-token-allowance', isAdjustmentAllowed: false, data: { tokenAddress: gold, allowanceAmount: '0x64' } },
      rules: [{ type: 'expiry', data: { timestamp: expiry } }],
    },
  ],
  /** Throws where the signed context does not say what the answer says. */
  read([row]: [Row2026], account) {
    const { tokenAddress, allowanceAmount, startTime } = row.permission.data
    const expiry = row.rules[0]?.data.timestamp ?? 0
    const permission = { type: 'erc20-token-allowance', token: tokenAddress, limit: BigInt(allowanceAmount), ...(startTime ? { startTime } : {}) } as const
    expect(contextMismatch({ permission, context: row.context, delegationManager: row.delegationManager }, { account, delegate: row.to, expiry })).toBeUndefined()
    return { limit: BigInt(allowanceAmount), expiry, target: tokenAddress, delegate: row.to }
  },
  list: 'wallet_getGrantedExecutionPermissions',
}

/** The embedded wallet's list asks the chain what was revoked, and the mock chain knows no contracts. */
const unlisted: Wire = { method: wire2026.method, params: wire2026.params, read: wire2026.read }

const wires: Record<Exclude<MockDialectId, 'none'>, Wire> = {
  zerodev: {
    method: 'wallet_grantPermissions',
    params: (expiry) => [
      {
        signer: { type: 'account', data: { id: key } },
        expiry,
        permissions: [
          { type: 'contract-call', data: { address: gold, calls: ['function mint(address to)'] }, policies: [{ type: 'rate-limit', data: { count: 100, interval: 0 } }], required: true },
        ],
      },
    ],
    read({ grantedPermissions: [granted], expiry }: { expiry: number; grantedPermissions: [{ data: { address: Address }; policies: [{ data: { count: number } }] }] }) {
      return { limit: BigInt(granted.policies[0].data.count), expiry, target: granted.data.address, delegate: key }
    },
    list: 'wallet_getGrantedExecutionPermissions',
  },
  embedded: unlisted,
  erc7715: wire2026,
  'erc7715-2024': {
    method: 'wallet_grantPermissions',
    params: (expiry) => [
      {
        chainId: '0x7a69',
        signer: { type: 'account', data: { id: key } },
        expiry,
        permissions: [
          { type: 'erc20-token-transfer', data: { address: gold, ticker: 'GOLD' }, policies: [{ type: 'token-allowance', data: { allowance: '0x64' } }], required: true },
        ],
      },
    ],
    read({ grantedPermissions: [granted], expiry }: { expiry: number; grantedPermissions: [{ data: { address: Address }; policies: [{ data: { allowance: Hex } }] }] }) {
      return { limit: BigInt(granted.policies[0].data.allowance), expiry, target: granted.data.address, delegate: key }
    },
    list: 'wallet_getGrantedExecutionPermissions',
  },
  openfort: {
    method: 'wallet_grantPermissions',
    params: (expiry) => [
      {
        signer: { type: 'account', data: { id: key } },
        expiry: expiry - now(),
        permissions: [{ type: 'contract-call', data: { address: gold, calls: [] }, policies: [{ type: { custom: 'call-limit' }, data: { limit: 100 } }] }],
      },
    ],
    read({ grantedPermissions: [granted], expiry }: { expiry: number; grantedPermissions: [{ data: { address: Address }; policies: [{ data: { limit: number } }] }] }) {
      return { limit: BigInt(granted.policies[0].data.limit), expiry, target: granted.data.address, delegate: key }
    },
  },
  porto: {
    method: 'wallet_grantPermissions',
    params: (expiry) => [
      {
        chainId: '0x7a69',
        expiry,
        feeToken: null,
        key: { type: 'secp256k1', publicKey: key },
        permissions: { calls: [{ to: gold, signature: 'transfer(address,uint256)' }], spend: [{ limit: '0x64', period: 'year', token: gold }] },
      },
    ],
    read({ expiry, key: { publicKey }, permissions }: { expiry: number; key: { publicKey: Address }; permissions: { calls: [{ to: Address }]; spend: [{ limit: Hex }] } }) {
      return { limit: BigInt(permissions.spend[0].limit), expiry, target: permissions.calls[0].to, delegate: publicKey }
    },
    list: 'wallet_getPermissions',
  },
}

const dialects = Object.keys(wires) as (keyof typeof wires)[]

function ask(wallet: MockWallet, dialect: keyof typeof wires, expiry: number) {
  const { method, params } = wires[dialect]
  return wallet.provider.request({ method, params: params(expiry) })
}

async function granted(dialect: keyof typeof wires, decision: MockDecision): Promise<Terms & { asked: number }> {
  const wallet = mockWallet({ dialect, decision })
  const asked = now() + 10 * day
  const answer = await ask(wallet, dialect, asked)
  return { ...wires[dialect].read(answer as never, wallet.account), asked }
}

/** Openfort counts from now, so a second may pass. */
const moment = (seconds: number) => expect.toSatisfy((value: number) => Math.abs(value - seconds) <= 2) as number

describe.each(dialects)('%s', (dialect) => {
  test('grants what it is asked for, and remembers it', async () => {
    const { asked, ...terms } = await granted(dialect, 'grant')
    expect(terms).toMatchObject({ limit: 100n, expiry: moment(asked) })
    expect([isAddressEqual(terms.target, gold), isAddressEqual(terms.delegate, key)]).toEqual([true, true])
  })

  test('grants half, says so and signs so', async () => {
    const { limit, expiry, asked } = await granted(dialect, 'narrow')
    expect({ limit, expiry }).toEqual({ limit: 50n, expiry: moment(asked) })
  })

  test('grants twice as much, says so and signs so', async () => {
    expect(await granted(dialect, 'broaden')).toMatchObject({ limit: 200n })
  })

  test('grants something else', async () => {
    const { target, limit } = await granted(dialect, 'other')
    expect({ target: target.toLowerCase(), limit }).toEqual({ target: other.toLowerCase(), limit: 100n })
  })

  test('refuses', async () => {
    const code = dialect === 'openfort' ? -32003 : 4001
    const wallet = mockWallet({ dialect, decision: 'reject' })
    await expect(ask(wallet, dialect, now() + day)).rejects.toMatchObject({ code })
    const { list } = wires[dialect]
    if (list) expect(await wallet.provider.request({ method: list })).toEqual([])
  })

  test('never answers', async () => {
    const wallet = mockWallet({ dialect, decision: 'hang' })
    const answer = ask(wallet, dialect, now() + day)
    const late = new Promise((resolve) => setTimeout(resolve, 50, 'late'))
    expect(await Promise.race([answer, late])).toBe('late')
    expect(wallet.calls).toHaveLength(1)
  })

  test('answers nonsense, each time another', async () => {
    const wallet = mockWallet({ dialect, decision: 'garbage' })
    const answers = []
    for (let count = 0; count < 4; count++) answers.push(await ask(wallet, dialect, now() + day))
    expect(answers).toEqual([null, 'granted', [], {}])
  })

  test('loses the connection after it granted', async () => {
    const wallet = mockWallet({ dialect, decision: 'crash' })
    const code = dialect === 'openfort' ? -32003 : 4900
    await expect(ask(wallet, dialect, now() + day)).rejects.toMatchObject({ code })
    const { list } = wires[dialect]
    if (list) expect(await wallet.provider.request({ method: list })).toHaveLength(1)
  })

  test('does each time what the function says, and keeps what reached it', async () => {
    const answers: MockDecision[] = ['reject', 'grant']
    const wallet = mockWallet({ dialect, decision: ({ method }) => (method === wires[dialect].method ? (answers.shift() ?? 'hang') : 'grant') })
    await expect(ask(wallet, dialect, now() + day)).rejects.toThrow()
    await expect(ask(wallet, dialect, now() + day)).resolves.toBeTruthy()
    expect(wallet.calls.map(({ method }) => method)).toEqual([wires[dialect].method, wires[dialect].method])
    expect(wallet.calls[0]?.params).toEqual(wallet.calls[1]?.params)
  })
})

describe('where nothing is limited', () => {
  const contract = { type: 'contract-call', isAdjustmentAllowed: false, data: { address: sword, calls: ['mint(address to)'] } }
  const request = (expiry: number) => [{ chainId: '0x7a69', to: key, permission: contract, rules: [{ type: 'expiry', data: { timestamp: expiry } }] }]

  test.each([
    ['narrow', 5 * day],
    ['broaden', 20 * day],
  ] as const)('%s is about the time', async (decision, seconds) => {
    const [row] = (await mockWallet({ decision }).provider.request({ method: wire2026.method, params: request(now() + 10 * day) })) as [Row2026]
    expect(row.rules[0]?.data.timestamp).toEqual(moment(now() + seconds))
    const [time] = decodeContext(row.context)[0]?.caveats.filter(({ enforcer }) => enforcer === enforcers.TimestampEnforcer) ?? []
    expect(Number(`0x${time?.terms.slice(-32)}`)).toEqual(moment(now() + seconds))
  })

  test('other is another session key', async () => {
    const native = { type: 'native-token-allowance', isAdjustmentAllowed: false, data: { allowanceAmount: '0x64' } }
    const params = [{ chainId: '0x7a69', to: key, permission: native, rules: [{ type: 'expiry', data: { timestamp: now() + day } }] }]
    const [row] = (await mockWallet({ dialect: 'erc7715', decision: 'other' }).provider.request({ method: wire2026.method, params })) as [Row2026]
    expect(isAddressEqual(row.to, other)).toBe(true)
    expect(isAddressEqual(decodeContext(row.context)[0]?.delegate as Address, other)).toBe(true)
  })
})

test('what only the embedded wallet can do, the others say that they cannot', async () => {
  const wallet = mockWallet({ dialect: 'porto', decision: 'ask' as never })
  await expect(ask(wallet, 'porto', now() + day)).rejects.toThrow('no decision "ask"')
})
