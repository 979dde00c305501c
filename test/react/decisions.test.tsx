// @vitest-environment happy-dom
import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { maxUint256, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  contractCall,
  defineSession,
  erc20Allowance,
  expiresIn,
  useGrantPermissions,
  useSessionKey,
  type GrantPermissionsParameters,
  type SessionDefinition,
} from '../../src/index.js'
import { createTestWrapper, mockWallet, type MockWallet } from '../../src/testing/index.js'
import { PermissionConsentDialog } from '../../src/ui/index.js'

const sword = '0x0000000000000000000000000000000000005401'
const gold = '0x0000000000000000000000000000000000006011'
const abi = parseAbi(['function mint(address to)'])
const expiry = expiresIn({ days: 3 })

/** Something that each wallet can say just as it is asked. */
const sayable = {
  embedded: [contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 }), erc20Allowance({ token: gold, limit: 1000n })],
  erc7715: [erc20Allowance({ token: gold, limit: 1000n })],
  'erc7715-2024': [contractCall({ address: sword, abi, functions: ['mint'], callLimit: 50 })],
  openfort: [contractCall({ address: sword, abi, callLimit: 50, valueLimit: maxUint256 })],
  porto: [contractCall({ address: sword, abi, functions: ['mint'] })],
} satisfies Record<string, SessionDefinition['permissions']>

type DialectName = keyof typeof sayable
const names = Object.keys(sayable) as DialectName[]

function Game({ request }: { request: GrantPermissionsParameters }) {
  const grant = useGrantPermissions()
  const session = useSessionKey({ session: request })
  return (
    <main>
      <PermissionConsentDialog />
      <button onClick={() => grant.mutate(request)}>Start</button>
      <p>Session: {session.status}</p>
      {grant.isPending && <p role="status">Waiting for your answer</p>}
      {grant.error && <p role="alert">{grant.error.shortMessage}</p>}
    </main>
  )
}

async function start(dialect: DialectName, wallet: MockWallet, options: Partial<GrantPermissionsParameters> = {}) {
  const request = { ...defineSession({ name: 'game', expiry, permissions: sayable[dialect] }), ...options }
  const wrapper = createTestWrapper({ wallet })
  const user = userEvent.setup()
  render(
    <StrictMode>
      <Game request={request} />
    </StrictMode>,
    { wrapper },
  )
  await screen.findByText('Session: none')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  // Openfort asks nobody, so the kit does, before it hears of it.
  if (dialect === 'openfort') {
    const consent = await screen.findByRole('alertdialog', { name: /act for you/ })
    expect(wallet.calls.map(({ method }) => method)).not.toContain('wallet_grantPermissions')
    await user.click(within(consent).getByRole('checkbox', { name: /I understand/ }))
    await user.click(within(consent).getByRole('button', { name: 'Allow' }))
  }
  return { user, ...wrapper }
}

const grants = ({ calls }: MockWallet) =>
  calls.filter(({ method }) => method === 'wallet_grantPermissions' || method === 'wallet_requestExecutionPermissions')

describe.each(names)('%s', (dialect) => {
  const make = (decision: 'grant' | 'reject' | 'narrow' | 'broaden' | 'other' | 'hang' | 'garbage' | 'crash') => mockWallet({ dialect, decision } as never)

  test('granted: the session is live, and the wallet was asked once', async () => {
    const wallet = make('grant')
    const { config } = await start(dialect, wallet)
    await screen.findByText('Session: active')
    expect(screen.queryByRole('alert')).toBeNull()
    expect(grants(wallet)).toHaveLength(1)
    const [session] = await config.sessions.find()
    expect(session).toMatchObject({ dialect: dialect === 'embedded' ? 'erc7715' : dialect, status: 'active' })
  })

  test('declined: said to be declined, and nothing is left over', async () => {
    const { config } = await start(dialect, make('reject'))
    const alert = await screen.findByRole('alert')
    // Openfort has no user to ask; what its signer refuses is its service's failure, of unknown outcome.
    expect(alert).toHaveTextContent(dialect === 'openfort' ? 'The wallet did not complete the grant' : 'User rejected the request')
    await screen.findByText(dialect === 'openfort' ? 'Session: unknown' : 'Session: rejected')
    const [session] = await config.sessions.find()
    expect(session?.granted).toEqual([])
  })

  test('less than asked: live, with less', async () => {
    const { config } = await start(dialect, make('narrow'))
    await screen.findByText('Session: active')
    const [session] = await config.sessions.find()
    expect(session?.status).toBe('active')
    const less = session && (session.expiry < session.asked.expiry || JSON.stringify(session.granted, text) !== JSON.stringify(session.asked.permissions, text))
    expect(less).toBe(true)
  })

  test.each(['broaden', 'other'] as const)('%s: kept aside, and said so', async (decision) => {
    const { config } = await start(dialect, make(decision))
    expect(await screen.findByRole('alert')).toHaveTextContent('The wallet granted something else than was asked')
    await screen.findByText('Session: quarantined')
    const [session] = await config.sessions.find()
    expect(session?.problem).toBeTruthy()
  })

  test('no answer: waits, and the key is already stored', async () => {
    const { config } = await start(dialect, make('hang'))
    expect(await screen.findByText('Waiting for your answer')).toBeInTheDocument()
    await screen.findByText('Session: requested')
    expect(await config.sessions.find()).toHaveLength(1)
  })

  test('nonsense: said to be unreadable, and the key is kept', async () => {
    const { config } = await start(dialect, make('garbage'))
    expect(await screen.findByRole('alert')).toHaveTextContent('cannot be read')
    await screen.findByText('Session: unknown')
    const [session] = await config.sessions.find()
    expect(await config.sessions.signer(session as never)).toMatchObject({ address: session?.address })
  })

  test('the connection breaks after the yes: unknown, and the key is kept', async () => {
    const { config } = await start(dialect, make('crash'))
    expect(await screen.findByRole('alert')).toHaveTextContent('The wallet did not complete the grant')
    await screen.findByText('Session: unknown')
    const [session] = await config.sessions.find()
    expect(await config.sessions.signer(session as never)).toMatchObject({ address: session?.address })
  })
})

const text = (_key: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)

test.each(['embedded', 'erc7715'] as const)('%s: raised in the wallet, and the app clamps: live within what was asked, and both are on record', async (dialect) => {
  const { config } = await start(dialect, mockWallet({ dialect, decision: 'broaden' } as never), { onBroader: 'clamp', adjustable: true })
  await screen.findByText('Session: active')
  const [session] = await config.sessions.find()
  const raised = session?.granted.filter(({ within: held }) => held !== undefined) ?? []
  const later = session?.grantedExpiry !== undefined
  expect(raised.length > 0 || later).toBe(true)
  expect(session?.expiry).toBeLessThanOrEqual(session?.asked.expiry ?? 0)
})

test.each(['openfort', 'porto'] as const)('%s: what no signed permission confirms is never clamped', async (dialect) => {
  await start(dialect, mockWallet({ dialect, decision: 'broaden' } as never), { onBroader: 'clamp', adjustable: true })
  await screen.findByText('Session: quarantined')
})

test('Openfort: Reject in the kit’s consent sends nothing and stores nothing', async () => {
  const wallet = mockWallet({ dialect: 'openfort' })
  const request = defineSession({ name: 'game', expiry, permissions: sayable.openfort })
  const wrapper = createTestWrapper({ wallet })
  const user = userEvent.setup()
  render(<Game request={request} />, { wrapper })
  await screen.findByText('Session: none')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  const consent = await screen.findByRole('alertdialog', { name: /act for you/ })
  await user.click(within(consent).getByRole('button', { name: 'Reject' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('User rejected the request')
  expect(grants(wallet)).toHaveLength(0)
  expect(await wrapper.config.sessions.find()).toEqual([])
})

test('Openfort: what it can only grant wider is refused before anybody is asked, and named', async () => {
  const wallet = mockWallet({ dialect: 'openfort' })
  const request = defineSession({ name: 'game', expiry, permissions: [contractCall({ address: sword, abi, functions: ['mint'] })] })
  render(<Game request={request} />, { wrapper: createTestWrapper({ wallet }) })
  await screen.findByText('Session: none')
  await userEvent.click(screen.getByRole('button', { name: 'Start' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('can only grant more than was asked')
  expect(screen.queryByRole('alertdialog')).toBeNull()
  expect(grants(wallet)).toHaveLength(0)
})

test('Openfort: accepted losses are shown to the user as what they are, and the session still acts within what was asked', async () => {
  const wallet = mockWallet({ dialect: 'openfort' })
  const permissions = [contractCall({ address: sword, abi, functions: ['mint'] })]
  const request = { ...defineSession({ name: 'game', expiry, permissions }), acceptLosses: ['permissions[0].functions', 'permissions[0].valueLimit'] }
  const { config } = await startWith(wallet, request, async (consent) => {
    expect(consent).toHaveTextContent('Your wallet can only grant more than the app asked for')
    expect(consent).toHaveTextContent(/anything on/)
    expect(consent).not.toHaveTextContent('mint')
  })
  await screen.findByText('Session: active')
  const [session] = await config.sessions.find()
  expect(session?.granted[0]).toMatchObject({ permission: { valueLimit: maxUint256 }, within: { functions: [{ signature: 'mint(address to)' }], valueLimit: 0n } })
  expect(session?.losses?.map(({ path, kind }) => `${kind} ${path}`)).toEqual(['widened permissions[0].functions', 'widened permissions[0].valueLimit'])
})

async function startWith(wallet: MockWallet, request: GrantPermissionsParameters, look: (consent: HTMLElement) => Promise<void>) {
  const wrapper = createTestWrapper({ wallet })
  const user = userEvent.setup()
  render(<Game request={request} />, { wrapper })
  await screen.findByText('Session: none')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  const consent = await screen.findByRole('alertdialog', { name: /act for you/ })
  await look(consent)
  for (const tick of within(consent).queryAllByRole('checkbox', { name: /I understand/ })) await user.click(tick)
  await user.click(within(consent).getByRole('button', { name: 'Allow' }))
  return wrapper
}

test('a wallet that grants nothing: the reason and the way out', async () => {
  render(<Game request={defineSession({ name: 'game', expiry, permissions: sayable.embedded })} />, {
    wrapper: createTestWrapper({ wallet: mockWallet({ dialect: 'none' }) }),
  })
  await screen.findByText('Session: none')
  await userEvent.click(screen.getByRole('button', { name: 'Start' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('cannot grant permissions')
})

test('MetaMask does not say contract-call: refused before it is asked', async () => {
  const wallet = mockWallet({ dialect: 'erc7715' })
  render(<Game request={defineSession({ name: 'game', expiry, permissions: sayable.embedded })} />, { wrapper: createTestWrapper({ wallet }) })
  await screen.findByText('Session: none')
  await userEvent.click(screen.getByRole('button', { name: 'Start' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('The wallet cannot grant contract-call')
  expect(grants(wallet)).toHaveLength(0)
})

test('a busy wallet is asked again, and then said to be busy', async () => {
  const busy = Object.assign(new Error('Cannot process requests while a wallet_requestExecutionPermissions request is in process'), { code: -32002 })
  const wallet = mockWallet({ dialect: 'erc7715' })
  const { request } = wallet.provider
  let refusals = 2
  wallet.provider.request = (call) => {
    if (call.method !== 'wallet_requestExecutionPermissions' || refusals === 0) return request(call)
    refusals -= 1
    return Promise.reject(busy)
  }
  const { config } = await start('erc7715', wallet)
  expect(config.busyRetryDelaysMs).toBeDefined()
  await screen.findByText('Session: active')
  expect(refusals).toBe(0)

  refusals = Number.POSITIVE_INFINITY
  await userEvent.click(screen.getByRole('button', { name: 'Start' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('The wallet is busy with another request')
  await waitFor(async () => expect((await config.sessions.find()).map(({ status }) => status).sort()).toEqual(['active', 'unknown']))
})
