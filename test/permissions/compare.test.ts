import fc from 'fast-check'
import { getAddress, parseAbi, type Address } from 'viem'
import { describe, expect, test } from 'vitest'
import { compare, isNotBroader, type Difference } from '../../src/permissions/compare.js'
import { hashPermissions } from '../../src/permissions/hashPermissions.js'
import { contractCall } from '../../src/permissions/contractCall.js'
import type { Permission } from '../../src/permissions/permission.js'
import {
  erc20Allowance,
  erc20Periodic,
  erc20Stream,
  erc721Transfer,
  nativeAllowance,
  nativePeriodic,
  nativeStream,
} from '../../src/permissions/tokenPermissions.js'

const sword: Address = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const shop: Address = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const stranger: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'

const startTime = 1_800_000_000
const expiry = startTime + 86_400
const abi = parseAbi(['function mint(address to)', 'function burn(uint256 id)'])

const limited = contractCall({ address: sword, abi, functions: ['mint', { name: 'burn', args: [7n] }], callLimit: 50, valueLimit: 100n, startTime })
const asked: readonly Permission[] = [
  limited,
  erc20Allowance({ token: gold, limit: 1000n, payee: shop }),
  erc20Periodic({ token: gold, limit: 1000n, period: { days: 1 }, startTime, payee: shop }),
  erc20Stream({ token: gold, initial: 10n, perSecond: 20n, max: 3000n, startTime, payee: shop }),
  nativeAllowance({ limit: 1000n, payee: shop }),
  nativePeriodic({ limit: 1000n, period: { days: 1 }, startTime, payee: shop }),
  nativeStream({ initial: 10n, perSecond: 20n, max: 3000n, startTime, payee: shop }),
  erc721Transfer({ token: sword, tokenId: 7n, startTime }),
]

/** Fields where a smaller value allows less. */
const bounds = new Set(['limit', 'callLimit', 'valueLimit', 'perSecond', 'initial', 'max'])

const granted = (permission: Permission, change: object) => ({ ...permission, ...change }) as Permission
const differ = (permission: Permission, change: object) =>
  compare({ permissions: [permission], expiry }, { permissions: [granted(permission, change)], expiry })
const kinds = (differences: readonly Difference[]) => differences.map(({ path, kind }) => `${path} ${kind}`)

test('what was asked is no different from itself', () => {
  const differences = compare({ permissions: asked, expiry }, { permissions: structuredClone([...asked]), expiry })
  expect(differences).toEqual([])
  expect(isNotBroader(differences)).toBe(true)
})

describe('narrower may be used', () => {
  test('an earlier end', () => {
    const differences = compare({ permissions: asked, expiry }, { permissions: asked, expiry: expiry - 1 })
    expect(differences).toEqual([{ asked: undefined, path: 'expiry', kind: 'narrower' }])
    expect(isNotBroader(differences)).toBe(true)
  })

  test.each([
    [limited, 'callLimit', 49],
    [limited, 'valueLimit', 99n],
    [asked[1], 'limit', 999n],
    [asked[2], 'limit', 1n],
    [asked[3], 'initial', 0n],
    [asked[3], 'perSecond', 19n],
    [asked[6], 'max', 2999n],
  ] as const)('of %o, %s', (permission, path, value) => {
    const differences = differ(permission as Permission, { [path]: value })
    expect(differences).toEqual([{ asked: 0, path, kind: 'narrower' }])
    expect(isNotBroader(differences)).toBe(true)
  })

  test('a limit or a payee where none was asked for', () => {
    expect(kinds(differ(contractCall({ address: sword, abi }), { callLimit: 1 }))).toEqual(['callLimit narrower'])
    expect(kinds(differ(nativeAllowance({ limit: 1n }), { payee: shop }))).toEqual(['payee narrower'])
  })

  test('fewer permissions', () => {
    const differences = compare({ permissions: asked.slice(0, 2), expiry }, { permissions: asked.slice(0, 1), expiry })
    expect(differences).toEqual([{ asked: 1, path: 'permission', kind: 'missing' }])
    expect(isNotBroader(differences)).toBe(true)
  })
})

describe('broader may be used only as far as it was asked', () => {
  test('a later end', () => {
    const differences = compare({ permissions: asked, expiry }, { permissions: asked, expiry: expiry + 1 })
    expect(differences).toEqual([{ asked: undefined, path: 'expiry', kind: 'broader' }])
    expect(isNotBroader(differences)).toBe(false)
  })

  test('a permission nobody asked for', () => {
    const differences = compare({ permissions: asked.slice(0, 1), expiry }, { permissions: asked.slice(0, 3), expiry })
    expect(differences).toEqual([
      { asked: undefined, path: 'permissions[1]', kind: 'broader' },
      { asked: undefined, path: 'permissions[2]', kind: 'broader' },
    ])
    expect(isNotBroader(differences)).toBe(false)
  })

  test('one narrower part does not excuse a wider one', () => {
    const differences = differ(limited, { callLimit: 1, valueLimit: 101n })
    expect(kinds(differences).sort()).toEqual(['callLimit narrower', 'valueLimit broader'])
    expect(isNotBroader(differences)).toBe(false)
  })

  test('any single bound that is raised, by however little, is reported as wider', () => {
    const bounded = asked.flatMap((permission, index) =>
      [...bounds].filter((path) => path in permission).map((path) => ({ index, path })),
    )
    expect(bounded).toHaveLength(12)
    fc.assert(
      fc.property(fc.constantFrom(...bounded), fc.bigInt({ min: 1n, max: 2n ** 255n }), fc.integer({ min: 1, max: 2 ** 52 }), ({ index, path }, more, calls) => {
        const permissions = asked.map((permission, at) => {
          if (at !== index) return permission
          const before = (permission as unknown as Record<string, bigint | number>)[path]
          return granted(permission, { [path]: typeof before === 'number' ? before + calls : (before as bigint) + more })
        })
        const differences = compare({ permissions: asked, expiry }, { permissions, expiry })
        expect(differences).toEqual([{ asked: index, path, kind: 'broader' }])
        expect(isNotBroader(differences)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test('any single field that is changed is reported, and only a lower bound may be used', () => {
    const fields = asked.flatMap((permission, index) => Object.keys(permission).map((path) => ({ index, path })))
    const values = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.nat(),
      fc.constantFrom<unknown>(undefined, gold, sword, stranger, 'contract-call', 'native-token-allowance', [], [{ signature: 'burn(uint256 id)' }]),
    )
    fc.assert(
      fc.property(fc.constantFrom(...fields), values, ({ index, path }, value) => {
        const before = (asked[index] as unknown as Record<string, unknown>)[path]
        // The wire's parsers let no other type through.
        fc.pre(before !== value && (value === undefined || typeof value === typeof before))
        const lower = value !== undefined && (path === 'startTime' ? (value as number) > (before as number) : bounds.has(path) && (value as bigint) < (before as bigint))
        const permissions = asked.map((permission, at) => (at === index ? granted(permission, { [path]: value }) : permission))
        const differences = compare({ permissions: asked, expiry }, { permissions, expiry })
        expect(differences.length).toBeGreaterThan(0)
        expect(isNotBroader(differences)).toBe(lower)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('other must never be used', () => {
  test.each([
    ['another type', asked[1], nativeAllowance({ limit: 1000n, payee: shop }), 'type'],
    ['another contract', limited, { ...limited, address: gold }, 'address'],
    ['another token', asked[1], { ...asked[1], token: sword }, 'token'],
    ['another payee', asked[1], { ...asked[1], payee: stranger }, 'payee'],
    ['another token id', asked[7], { ...asked[7], tokenId: 8n }, 'tokenId'],
    ['a shorter period, which renews the amount more often', asked[2], { ...asked[2], period: 3600 }, 'period'],
    ['a limit nobody knows', limited, { ...limited, unheardOf: 1 }, 'unheardOf'],
  ] as const)('%s', (_what, permission, answer, path) => {
    const differences = compare({ permissions: [permission as Permission], expiry }, { permissions: [answer as Permission], expiry })
    expect(differences).toEqual([{ asked: 0, path, kind: 'other' }])
    expect(isNotBroader(differences)).toBe(false)
  })

  test.each([
    ['an earlier start', asked[3], { ...asked[3], startTime: startTime - 1 }, 'startTime'],
    ['another function', limited, { ...limited, functions: [{ signature: 'burn(uint256 id)' }] }, 'functions'],
    ['another pinned argument', limited, contractCall({ ...limited, abi, functions: ['mint', { name: 'burn', args: [8n] }] }), 'functions'],
    ['a pinned argument set free', limited, contractCall({ ...limited, abi, functions: ['mint', 'burn'] }), 'functions'],
    ['the whole contract', limited, contractCall({ ...limited, abi, functions: undefined }), 'functions'],
    ['an empty list, which compiles to the whole contract', limited, { ...limited, functions: [] }, 'functions'],
  ] as const)('%s is broader', (_what, permission, answer, path) => {
    const differences = compare({ permissions: [permission as Permission], expiry }, { permissions: [answer as Permission], expiry })
    expect(differences).toEqual([{ asked: 0, path, kind: 'broader' }])
    expect(isNotBroader(differences)).toBe(false)
  })

  test('functions with nothing in common are other', () => {
    const mint = contractCall({ address: sword, abi, functions: ['mint'] })
    expect(kinds(differ(mint, { functions: [{ signature: 'burn(uint256 id)' }] }))).toEqual(['functions other'])
  })

  test.each(['payee', 'callLimit', 'functions', 'startTime'] as const)('%s left out of the answer', (path) => {
    const permission = asked.find((one) => path in one) as Permission
    const answer: Record<string, unknown> = { ...permission }
    delete answer[path]
    expect(isNotBroader(compare({ permissions: [permission], expiry }, { permissions: [answer as Permission], expiry }))).toBe(false)
    expect(isNotBroader(differ(permission, { [path]: undefined }))).toBe(false)
  })

})

test('a later start and fewer functions are narrower', () => {
  expect(kinds(differ(asked[3] as Permission, { startTime: startTime + 1 }))).toEqual(['startTime narrower'])
  expect(kinds(differ(nativeAllowance({ limit: 1n }), { startTime }))).toEqual(['startTime narrower'])
  expect(kinds(differ(limited, { functions: [{ signature: 'mint(address)' }] }))).toEqual(['functions narrower'])
  expect(kinds(differ(contractCall({ address: sword, abi }), { functions: limited.functions }))).toEqual(['functions narrower'])
})

describe('the same, written in another way', () => {
  test('in another order, or without the first', () => {
    const [first, second, third] = asked as readonly [Permission, Permission, Permission]
    expect(compare({ permissions: [first, second, third], expiry }, { permissions: [third, first, second], expiry })).toEqual([])
    expect(compare({ permissions: [first, second, third], expiry }, { permissions: [third, second], expiry })).toEqual([
      { asked: 0, path: 'permission', kind: 'missing' },
    ])
  })

  test('two on one token: each answer goes to the one it is the same as', () => {
    const [one, two] = [nativeAllowance({ limit: 1n, payee: shop }), nativeAllowance({ limit: 9n })]
    expect(compare({ permissions: [one, two], expiry }, { permissions: [two, one], expiry })).toEqual([])
  })

  test('a function without the names of its arguments', () => {
    expect(differ(limited, { functions: [{ signature: 'mint(address)' }, { signature: 'burn(uint256)', args: limited.functions?.[1]?.args }] })).toEqual([])
  })

  const lower = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value
    if (Array.isArray(value)) return value.map(lower)
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, lower(item)]))
    return value
  }
  const rewritten = lower(asked) as Permission[]

  test('letter case of addresses and order of keys do not count', () => {
    expect(JSON.stringify(rewritten, bigints)).not.toBe(JSON.stringify(asked, bigints))
    expect(compare({ permissions: asked, expiry }, { permissions: rewritten, expiry })).toEqual([])
    expect(hashPermissions(rewritten)).toBe(hashPermissions(asked))
  })

  test('a field that is undefined counts as left out', () => {
    expect(differ(nativeAllowance({ limit: 1n }), { payee: undefined, startTime: undefined })).toEqual([])
    expect(hashPermissions([granted(nativeAllowance({ limit: 1n }), { payee: undefined })])).toBe(hashPermissions([nativeAllowance({ limit: 1n })]))
  })

  test('whether it may be left out does not count', () => {
    expect(differ(nativeAllowance({ limit: 1n }), { optional: true })).toEqual([])
  })
})

describe('the hash of permissions', () => {
  test('tells apart what differs in any one field', () => {
    const changes: Permission[][] = asked.flatMap((permission, index) =>
      Object.entries(permission).flatMap(([path, value]) => {
        const other = typeof value === 'bigint' ? value + 1n : typeof value === 'number' ? value + 1 : typeof value === 'string' ? getAddress(stranger) : []
        return [asked.map((one, at) => (at === index ? granted(one, { [path]: other }) : one))]
      }),
    )
    const hashes = [asked, ...changes].map(hashPermissions)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hashes.length).toBeGreaterThan(30)
  })

  test('tells apart the number 1, the amount 1 and the text "1"', () => {
    const values = [1, 1n, '1', '1n', [1], undefined].map((value) => hashPermissions([{ type: 'x', value } as unknown as Permission]))
    expect(new Set(values).size).toBe(values.length)
  })

  test('tells apart permissions given in another order, or another number', () => {
    expect(hashPermissions([...asked].reverse())).not.toBe(hashPermissions(asked))
    expect(hashPermissions(asked.slice(1))).not.toBe(hashPermissions(asked))
  })
})

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
