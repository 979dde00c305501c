// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, type ReactNode } from 'react'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { disconnect } from 'wagmi/actions'
import { WagmiProvider } from 'wagmi'
import { SessionKeyProvider, useRevokePermissions, useServerSession, type ServerEndpoint, type SessionDefinition, type SessionKeyConfig } from '../../src/index.js'
import { gold } from '../startShop.js'
import { startServer, type ServerWorld } from '../server/startServer.js'

let world: ServerWorld
let user: string
let page: Awaited<ReturnType<ServerWorld['openPage']>>
beforeAll(async () => void (world = await startServer()))
afterAll(() => world.stop())
beforeEach(async () => {
  user = crypto.randomUUID()
  page = await world.openPage()
})

/** What the server is asked, in its words; and what the network does to it. */
function network(endpoint = world.endpoint(user)) {
  const asked: string[] = []
  const broken = new Set<string>()
  const wire = {
    ...endpoint,
    fetch: async (url: string, init: RequestInit) => {
      const { action } = JSON.parse(String(init.body)) as { action: string }
      asked.push(action)
      if (broken.has(action)) throw new TypeError('Failed to fetch')
      return fetch(url, init)
    },
  }
  return { asked, broken, wire }
}

function Providers({ config, children }: { config: SessionKeyConfig; children: ReactNode }) {
  return (
    <StrictMode>
      <WagmiProvider config={config.wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retryDelay: 1 } } })}>
          <SessionKeyProvider config={config}>{children}</SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>
  )
}

const steps: string[] = []

function Subscription({ endpoint, session }: { endpoint: ServerEndpoint; session: SessionDefinition }) {
  const { status, step, error, enrolled, isPending, mutate, refetch } = useServerSession({ endpoint, session })
  const { mutate: cancel } = useRevokePermissions({ session })
  if (step && steps.at(-1) !== step) steps.push(step)
  return (
    <>
      <output>{status}</output>
      <p>{enrolled?.id}</p>
      {error && <p role="alert">{error.name}</p>}
      <button disabled={isPending} onClick={() => mutate()}>Subscribe</button>
      <button onClick={() => cancel()}>Cancel</button>
      <button onClick={() => void refetch()}>Look again</button>
    </>
  )
}

const show = (endpoint: ServerEndpoint, session: SessionDefinition = world.subscription) =>
  render(
    <Providers config={page.config}>
      <Subscription endpoint={endpoint} session={session} />
    </Providers>,
  )

const says = (status: string) => waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(new RegExp(`^${status}$`)))
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

test('address, grant, enrolment: then the server acts, and what the user ends here it acts with no more', async () => {
  const { wire, asked } = network()
  steps.length = 0
  show(wire)
  expect(screen.getByRole('status')).toHaveTextContent('hydrating')
  await says('none')
  await press('Subscribe')
  await says('active')
  expect(steps).toEqual(['address', 'grant', 'enrol'])
  expect(asked.filter((action) => action !== 'status')).toEqual(['address', 'enrol'])

  const [session] = await world.agent().sessions({ user })
  expect(screen.getByText(session?.id ?? 'none')).toBeInTheDocument()
  await world.chain.setBalance(session?.address ?? '0x', 10n ** 18n)
  const earned = await world.earned()
  await world.agent().send({ session: session?.id ?? '', intent: 'first', calls: [world.charge()] })
  expect((await world.earned()) - earned).toBe(gold(20))

  await press('Cancel')
  await says('revoked')
  await expect(world.agent().send({ session: session?.id ?? '', calls: [world.charge()] })).rejects.toMatchObject({ reason: 'revoked' })
})

test('the network broke when the grant was handed over: the user is not asked again', async () => {
  const { wire, broken } = network()
  show(wire)
  await says('none')
  broken.add('enrol')
  await press('Subscribe')
  await says('granted')
  expect(await screen.findByRole('alert')).toHaveTextContent('ServerUnreachableError')
  expect(await world.agent().sessions({ user })).toEqual([])

  broken.clear()
  steps.length = 0
  await press('Subscribe')
  await says('active')
  expect(steps).toEqual(['address', 'enrol'])
  expect(await world.agent().sessions({ user })).toHaveLength(1)
  expect((await page.config.sessions.find()).length).toBe(1)
})

test('a page that opens finds out what the server has, and asks nobody', async () => {
  await world.subscribe(world.subscription, { user, config: page.config })
  const first = network()
  const { unmount } = show(first.wire)
  await says('active')
  expect(new Set(first.asked)).toEqual(new Set(['status']))
  unmount()

  // Another browser of the same user knows nothing of it, and its server does.
  const id = (await page.config.sessions.find())[0]?.id
  expect(id).toBeDefined()
  const elsewhere = await world.openPage()
  page = { ...elsewhere, config: { ...elsewhere.config, wagmi: page.config.wagmi } }
  show(network().wire)
  await says('active')
})

test('a server that cannot be reached, one that refuses, and one that knows another definition', async () => {
  const { wire, broken } = network()
  broken.add('status')
  const { unmount } = show(wire)
  await says('unreachable')
  broken.clear()
  await press('Look again')
  await says('none')
  unmount()

  const nobody = show({ ...world.endpoint(user), headers: () => ({}) })
  await says('unreachable')
  await press('Subscribe')
  expect(await screen.findByRole('alert')).toHaveTextContent('ServerRefusedSessionError')
  nobody.unmount()

  const other = { ...world.subscription, permissions: world.voucher.permissions }
  show(wire, other)
  await says('unreachable')
  await press('Subscribe')
  expect(await screen.findByRole('alert')).toHaveTextContent('ServerRefusedSessionError')
  expect(await page.config.sessions.find()).toEqual([])
})

test('without a wallet there is nothing to ask', async () => {
  const { wire, asked } = network()
  show(wire)
  await says('none')
  asked.length = 0
  await act(() => disconnect(page.config.wagmi))
  await says('disconnected')
  await press('Subscribe')
  expect(await screen.findByRole('alert')).toHaveTextContent('NotConnectedError')
  expect(asked).toEqual([])
})
