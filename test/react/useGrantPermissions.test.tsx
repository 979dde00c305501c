// @vitest-environment happy-dom
import { act, render, renderHook, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, type ReactNode } from 'react'
import { UserRejectedRequestError } from 'viem'
import { expect, test } from 'vitest'
import {
  ConsentNotMountedError,
  contractCall,
  defineSession,
  erc20Allowance,
  expiresIn,
  ForbiddenTargetError,
  GrantMismatchError,
  PermissionNotSupportedError,
  SessionKeyProviderNotFoundError,
  UndoneLimitError,
  useGrantPermissions,
  usePendingConsent,
  useSessionKey,
} from '../../src/index.js'
import { createMemoryStore } from '../../src/sessions/memoryStore.js'
import { createTestWrapper, mockWallet, type MockWallet } from '../../src/testing/index.js'
import { swordAbi } from '../../demo/contracts/artifacts.js'

const sword = '0x0000000000000000000000000000000000005401'
const gold = '0x0000000000000000000000000000000000006011'
const shopping = defineSession({
  name: 'shopping',
  expiry: expiresIn({ days: 3 }),
  permissions: [contractCall({ address: sword, abi: swordAbi, functions: ['mint'] }), erc20Allowance({ token: gold, limit: 10n })],
})

function renderGrant(wallet: MockWallet, strict = false) {
  const store = createMemoryStore()
  const Providers = createTestWrapper({ wallet, store })
  const wrapper = ({ children }: { children: ReactNode }) =>
    strict ? (
      <StrictMode>
        <Providers>{children}</Providers>
      </StrictMode>
    ) : (
      <Providers>{children}</Providers>
    )
  const hook = renderHook(() => ({ grant: useGrantPermissions(), session: useSessionKey({ session: shopping }) }), { wrapper })
  return { ...hook, store, config: Providers.config }
}

const prompts = ({ calls }: MockWallet) => calls.filter(({ method }) => method === 'wallet_requestExecutionPermissions')

test('a granted session is active, with what was asked and a key of its own', async () => {
  const { result, store } = renderGrant(mockWallet())
  await waitFor(() => expect(result.current.session.status).toBe('none'))
  await act(() => result.current.grant.mutateAsync(shopping))
  await waitFor(() => expect(result.current.session.status).toBe('active'))
  const { session } = result.current
  expect(session.permissions).toEqual(shopping.permissions)
  expect(session.expiry).toBeGreaterThan(Date.now() / 1000 + 3 * 86_400 - 60)
  expect(result.current.grant.data).toMatchObject({ diff: [], losses: [] })
  expect(await store.getKey(session.id as string)).toMatchObject({ key: { kind: 'wrapped-secp256k1', address: session.address } })
})

test('every grant makes a fresh key', async () => {
  const { result } = renderGrant(mockWallet())
  const first = await act(() => result.current.grant.mutateAsync(shopping))
  const second = await act(() => result.current.grant.mutateAsync(shopping))
  expect(second.session.address).not.toBe(first.session.address)
  await waitFor(() => expect(result.current.session.id).toBe(second.session.id))
})

test.each([false, true])('two clicks at once ask once (Strict Mode: %s)', async (strict) => {
  const wallet = mockWallet()
  const { result } = renderGrant(wallet, strict)
  await act(() => Promise.all([result.current.grant.mutateAsync(shopping), result.current.grant.mutateAsync(shopping)]))
  expect(prompts(wallet)).toHaveLength(1)
})

test('two different requests at once are two: neither gets the other’s answer', async () => {
  const wallet = mockWallet()
  const { result } = renderGrant(wallet)
  const server = '0x00000000000000000000000000000000000000b0'
  const [here, there] = await act(() =>
    Promise.all([result.current.grant.mutateAsync(shopping), result.current.grant.mutateAsync({ ...shopping, key: { address: server } })]),
  )
  expect(there.session.address).toBe(server)
  expect(here.session.address).not.toBe(server)
  expect(prompts(wallet)).toHaveLength(2)
})

test('a rejection is a rejection: no session, no key, and the next request asks again', async () => {
  const wallet = mockWallet({ decision: 'reject' })
  const { result, store } = renderGrant(wallet)
  await act(() => result.current.grant.mutateAsync(shopping).catch(() => undefined))
  await waitFor(() => expect(result.current.grant.error).toBeInstanceOf(UserRejectedRequestError))
  const [session] = await store.list()
  expect(session?.status).toBe('rejected')
  expect(session && (await store.getKey(session.id))).toBeUndefined()
  await act(() => result.current.grant.mutateAsync(shopping).catch(() => undefined))
  expect(prompts(wallet)).toHaveLength(2)
})

test('the key is durable before the wallet is asked', async () => {
  const wallet = mockWallet()
  const { result, store } = renderGrant(wallet)
  const { request } = wallet.provider
  const seen: unknown[] = []
  wallet.provider.request = (call) => {
    if (call.method !== 'wallet_requestExecutionPermissions') return request(call)
    return store.list().then(async ([session]) => {
      seen.push(session?.status, (await store.getKey(session?.id ?? ''))?.key.address === session?.address)
      return request(call)
    })
  }
  await act(() => result.current.grant.mutateAsync(shopping))
  expect(seen).toEqual(['requested', true])
})

test('what must never be asked for is refused before the wallet hears of it', async () => {
  const wallet = mockWallet()
  const { result } = renderGrant(wallet)
  const onOneself = { ...shopping, permissions: [contractCall({ address: wallet.account, abi: swordAbi, functions: ['mint'] })] }
  await act(() => expect(result.current.grant.mutateAsync(onOneself)).rejects.toThrow(ForbiddenTargetError))
  const undone = { ...shopping, permissions: [contractCall({ address: gold, abi: swordAbi }), erc20Allowance({ token: gold, limit: 10n })] }
  await act(() => expect(result.current.grant.mutateAsync(undone)).rejects.toThrow(UndoneLimitError))
  expect(prompts(wallet)).toEqual([])
})

test.each([
  ['a later expiry', (answer: Answer) => answer.forEach(({ rules }) => (rules[0] as Rule).data.timestamp++)],
  ['a higher amount', (answer: Answer) => (answer[1] as Row).permission.data.allowanceAmount = '0xffff'],
  ['another key', (answer: Answer) => answer.forEach((row) => (row.to = gold))],
  ['a context that is not what it says', (answer: Answer) => ((answer[0] as Row).context = (answer[1] as Row).context)],
])('a wallet that grants %s is not believed: the session is quarantined', async (_, tamper) => {
  const wallet = mockWallet()
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    const answer = await request(call)
    if (call.method === 'wallet_requestExecutionPermissions') tamper(answer as Answer)
    return answer
  }
  const { result, store } = renderGrant(wallet)
  await act(() => expect(result.current.grant.mutateAsync(shopping)).rejects.toThrow(GrantMismatchError))
  const [session] = await store.list()
  expect(session?.status).toBe('quarantined')
  expect(session && (await store.getKey(session.id))).toBeDefined()
})

test.each([
  ['nothing', undefined],
  ['text', 'granted'],
  ['an empty list', []],
  ['rows without a context', [{ chainId: '0x7a69', to: gold }]],
])('a wallet that answers %s leaves the session unknown, with its key', async (_, garbage) => {
  const wallet = mockWallet()
  const { request } = wallet.provider
  wallet.provider.request = async (call) => (call.method === 'wallet_requestExecutionPermissions' ? garbage : request(call))
  const { result, store } = renderGrant(wallet)
  await act(() => expect(result.current.grant.mutateAsync(shopping)).rejects.toMatchObject({ name: 'InvalidWalletResponseError' }))
  const [session] = await store.list()
  expect(session?.status).toBe('unknown')
  expect(session && (await store.getKey(session.id))).toBeDefined()
})

/** The mock wallet as one that grants ERC-20 allowances only, as MetaMask grants no contract calls. */
function allowancesOnly(): MockWallet {
  const wallet = mockWallet()
  const { request } = wallet.provider
  wallet.provider.request = async (call) =>
    call.method === 'wallet_getSupportedExecutionPermissions'
      ? { 'erc20-token-allowance': { chainIds: ['0x7a69'], ruleTypes: ['expiry'] } }
      : request(call)
  return wallet
}

test('what the wallet cannot express is refused before anybody is asked', async () => {
  const wallet = allowancesOnly()
  const { result, store } = renderGrant(wallet)
  await act(() => expect(result.current.grant.mutateAsync(shopping)).rejects.toThrow(PermissionNotSupportedError))
  expect(prompts(wallet)).toEqual([])
  expect(await store.list()).toEqual([])
})

test('an optional permission that the wallet cannot express is left out and said to be', async () => {
  const { result } = renderGrant(allowancesOnly())
  const [mint, spend] = shopping.permissions
  const { losses, granted } = await act(() =>
    result.current.grant.mutateAsync({ ...shopping, permissions: [{ ...mint, optional: true }, spend] }),
  )
  expect(losses).toEqual([{ path: 'permissions[0]', kind: 'dropped', reason: 'the wallet does not grant contract-call' }])
  expect(granted.permissions).toEqual([spend])
})

test('a wallet that grants nothing is said to, with the way out', async () => {
  const wallet = mockWallet()
  wallet.provider.request = async () => Promise.reject(Object.assign(new Error('no such method'), { code: -32601 }))
  const { result, store } = renderGrant(wallet)
  await act(() => expect(result.current.grant.mutateAsync(shopping)).rejects.toThrow(/embeddedWallet/))
  expect(await store.list()).toEqual([])
})

test('an account that was switched meanwhile is not granted for', async () => {
  const wallet = mockWallet()
  const { result, config, store } = renderGrant(wallet)
  const { request } = wallet.provider
  wallet.provider.request = async (call) => {
    if (call.method === 'wallet_getSupportedExecutionPermissions') {
      config.wagmi.setState((state) => ({
        ...state,
        connections: new Map([...state.connections].map(([uid, connection]) => [uid, { ...connection, accounts: [sword] as const }])),
      }))
    }
    return request(call)
  }
  await act(() => expect(result.current.grant.mutateAsync(shopping)).rejects.toMatchObject({ name: 'ConnectionChangedError' }))
  expect(prompts(wallet)).toEqual([])
  expect(await store.list()).toEqual([])
})

test('a wallet that waits for the page asks through the mounted view; without one it is an error', async () => {
  const wallet = mockWallet({ decision: 'ask' })
  const Providers = createTestWrapper({ wallet })
  function View() {
    const { request, approve } = usePendingConsent()
    return request ? <button onClick={approve}>Allow {request.origin}</button> : <p>nothing waits</p>
  }
  const { result, rerender } = renderHook(() => useGrantPermissions(), { wrapper: Providers })
  await act(() => expect(result.current.mutateAsync(shopping)).rejects.toThrow(ConsentNotMountedError))
  rerender()

  render(<View />, { wrapper: Providers })
  let granted: Promise<unknown> | undefined
  act(() => {
    granted = result.current.mutateAsync(shopping)
  })
  await userEvent.click(await screen.findByRole('button', { name: /^Allow/ }))
  await act(() => expect(granted).resolves.toMatchObject({ session: { status: 'active' } }))
  expect(screen.getByText('nothing waits')).toBeInTheDocument()
})

test('outside a provider the hook says what is missing', () => {
  expect(() => renderHook(() => useGrantPermissions())).toThrow(SessionKeyProviderNotFoundError)
})

type Rule = { data: { timestamp: number } }
type Row = { to: string; context: string; rules: Rule[]; permission: { data: Record<string, unknown> } }
type Answer = Row[]
