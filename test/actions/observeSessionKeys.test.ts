import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { grantPermissions } from '../../src/actions/grantPermissions.js'
import { observeSessionKeys, type SessionKeyEvent } from '../../src/actions/observeSessionKeys.js'
import { decodeContext } from '../../src/delegation/context.js'
import { sendToWallet, tapWallet } from '../../src/dialects/sendToWallet.js'
import { contractCall, createMemoryStore, createSessionKeyConfig, erc20Allowance, expiresIn, type Session, type SessionKeyConfig } from '../../src/index.js'
import { createTestWrapper, mockWallet, type MockDialectId } from '../../src/testing/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { contextForms, findForms } from '../harness/secretForms.js'

const mint = contractCall({ address: '0x0000000000000000000000000000000000005401', abi: swordAbi, functions: ['mint'], callLimit: 10 })
const spend = erc20Allowance({ token: '0x0000000000000000000000000000000000006011', limit: 100n })
const shopping = { name: 'shopping', permissions: [spend], expiry: expiresIn({ days: 1 }) }

function observed(config: SessionKeyConfig) {
  const events: SessionKeyEvent[] = []
  const stop = observeSessionKeys(config, { onEvent: (event) => events.push(event) })
  onTestFinished(stop)
  return { events, stop }
}
const steps = (events: readonly SessionKeyEvent[]) => events.flatMap((event) => (event.kind === 'status' ? [`${event.from ?? 'new'} → ${event.to} (${event.rev})`] : []))
const exchanges = (events: readonly SessionKeyEvent[]) => events.flatMap((event) => (event.kind === 'wallet' ? [event] : []))

test('what a grant says and becomes, in order, and nothing after it was stopped', async () => {
  const { config } = createTestWrapper({ wallet: mockWallet({ dialect: 'erc7715' }) })
  const { events, stop } = observed(config)
  const { session } = await grantPermissions(config, shopping)
  expect(steps(events)).toEqual(['new → requested (0)', 'requested → granted (1)', 'granted → active (2)'])
  expect(events.filter(({ kind }) => kind === 'status')).toEqual(Array(3).fill(expect.objectContaining({ id: session.id, name: 'shopping', at: expect.any(Number) })))

  const [asked, answered] = exchanges(events).filter(({ method }) => method === 'wallet_requestExecutionPermissions')
  expect(asked).toMatchObject({ state: 'pending', params: [{ to: session.address, permission: { type: 'erc20-token-allowance', data: { tokenAddress: spend.token } } }] })
  expect(answered).toMatchObject({ id: asked!.id, state: 'answered', durationMs: expect.any(Number), answer: [{ context: expect.stringMatching(/^\[left out: \d+ bytes\]$/) }] })

  stop()
  const { length } = events
  await config.sessions.transition(session, 'exhausted')
  expect(events).toHaveLength(length)
})

test('a no has its code, and a wallet that is still asked is pending', async () => {
  const { config } = createTestWrapper({ wallet: mockWallet({ dialect: 'erc7715', decision: 'reject' }) })
  const { events } = observed(config)
  await expect(grantPermissions(config, shopping)).rejects.toThrow()
  expect(exchanges(events).at(-1)).toMatchObject({ method: 'wallet_requestExecutionPermissions', state: 'failed', error: { code: 4001 } })
  expect(steps(events).at(-1)).toBe('requested → rejected (1)')
})

test('what another tab writes is told once, and what this one writes once too', async () => {
  const store = createMemoryStore()
  const wallet = mockWallet()
  const { config } = createTestWrapper({ wallet, store })
  const other = createSessionKeyConfig({ wagmi: config.wagmi, store })
  const { session } = await grantPermissions(config, shopping)
  await config.sessions.load(session.account)
  onTestFinished(config.sessions.watch(() => undefined))
  const { events } = observed(config)
  const exhausted = await other.sessions.transition(session, 'exhausted')
  await expect.poll(() => steps(events)).toEqual(['active → exhausted (3)'])
  const active = await config.sessions.transition(exhausted, 'active')
  await other.sessions.transition(active, 'exhausted')
  await expect.poll(() => steps(events)).toEqual(['active → exhausted (3)', 'exhausted → active (4)', 'active → exhausted (5)'])
})

test.each<[MockDialectId, Parameters<typeof grantPermissions>[1]]>([
  ['embedded', { ...shopping, permissions: [mint, spend] }],
  ['erc7715', shopping],
  ['erc7715-2024', { ...shopping, permissions: [mint, spend] }],
  ['zerodev', { ...shopping, permissions: [mint], acceptLosses: ['permissions[0].callLimit'] }],
  ['porto', { ...shopping, permissions: [contractCall({ address: mint.address, abi: swordAbi, functions: ['mint'] })] }],
])('%s: no context and no signature is told of', async (dialect, parameters) => {
  const { config } = createTestWrapper({ wallet: mockWallet({ dialect: dialect as 'embedded' }) })
  const { events } = observed(config)
  const { session } = await grantPermissions(config, parameters)
  expect(exchanges(events).some(({ state }) => state === 'answered')).toBe(true)
  for (const context of contextsOf(session)) {
    expect(findForms({ events: [JSON.stringify(events)] }, contextForms(context, signaturesIn(context)))).toEqual([])
  }
})

test('what watches cannot disturb what it watches', async () => {
  for (const tap of [() => fail(), () => fail]) onTestFinished(tapWallet(tap))
  const answering = Promise.resolve('done')
  expect(sendToWallet({ request: () => answering }, { method: 'wallet_x' }), 'it is the wallet’s own promise').toBe(answering)
  const no = new Error('no')
  await expect(sendToWallet({ request: () => Promise.reject(no) }, { method: 'wallet_x' })).rejects.toBe(no)

  const { config } = createTestWrapper()
  onTestFinished(observeSessionKeys(config, { onEvent: fail }))
  expect((await grantPermissions(config, shopping)).session.status).toBe('active')
})

test('an answer that refuses to be looked at is passed on as it is', async () => {
  const { config } = createTestWrapper()
  const { events } = observed(config)
  const answer = { get context(): string { throw new Error('look away') } }
  expect(await sendToWallet({ request: async () => answer }, { method: 'wallet_x' })).toBe(answer)
  await expect.poll(() => exchanges(events).at(-1)).toMatchObject({ state: 'answered', answer: '[left out: unreadable]' })
})

test('there is no other way to a wallet', () => {
  const root = resolve(import.meta.dirname, '../../src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /^(dialects|execution|sessions|actions|react|ui|devtools)[\\/].*\.tsx?$/.test(file))
  const past = files.filter((file) => /\bprovider\.request\(/.test(readFileSync(join(root, file), 'utf8').replaceAll(/^\s*(\/?\*|\/\/).*$/gm, '')))
  // What a dialect's own `request`, or what is passed on to it, ends in is sent by `sendToWallet` already.
  expect(past.sort()).toEqual([join('dialects', 'openfortBackend.ts'), join('dialects', 'sendToWallet.ts'), join('sessions', 'grantSession.ts')])
})

test('whoever does not watch does not load what watching needs', () => {
  const root = resolve(import.meta.dirname, '../../src')
  const files = new Set<string>()
  function follow(file: string) {
    if (files.has(file)) return
    files.add(file)
    const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^']*from '(\.[^']+)'/gm)
    for (const [, path] of imports) follow([path!.replace(/\.js$/, '.ts'), path!.replace(/\.js$/, '.tsx')].map((one) => resolve(dirname(file), one)).find(existsSync)!)
  }
  follow(join(root, 'index.ts'))
  follow(join(root, 'ui/index.ts'))
  const loaded = [...files].map((file) => relative(root, file))
  expect(loaded, 'the files were followed').toContain(join('dialects', 'sendToWallet.ts'))
  expect(loaded.filter((file) => /devtools|observe|redactWire/.test(file))).toEqual([])
})

function contextsOf({ granted, handle, answer }: Session): `0x${string}`[] {
  const named = [...(answer ?? '').matchAll(/"(?:context|permissionsContext)":"(0x[0-9a-f]+)"/gi)].map(([, context]) => context as `0x${string}`)
  const contexts = [...granted.flatMap(({ context }) => context ?? []), ...named]
  return handle?.startsWith('0x') && handle.length > 66 ? [...contexts, handle as `0x${string}`] : contexts
}

function signaturesIn(context: `0x${string}`): `0x${string}`[] {
  try {
    return decodeContext(context).map(({ signature }) => signature)
  } catch {
    return []
  }
}

function fail(): never {
  throw new Error('The observer is broken.')
}
