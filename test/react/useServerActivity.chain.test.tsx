// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, type ReactNode } from 'react'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disconnect } from 'wagmi/actions'
import { WagmiProvider } from 'wagmi'
import { SessionKeyProvider, useServerActivity, type ServerEndpoint, type SessionDefinition, type SessionKeyConfig } from '../../src/index.js'
import { createStatusHandler } from '../../src/server/index.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { gold } from '../startShop.js'
import { startServer, type ServerWorld } from '../server/startServer.js'

let world: ServerWorld
let served: ServedFetch
let page: Awaited<ReturnType<ServerWorld['openPage']>>
let session: string
beforeAll(async () => {
  world = await startServer()
  const authenticate = (request: Request) => {
    const id = request.headers.get('x-user')
    return id ? { id } : undefined
  }
  served = await serveFetch(createStatusHandler({ agent: world.agent(), authenticate, corsOrigin: location.origin }).handler)
  page = await world.openPage()
  session = (await world.subscribe(world.voucher, { user: 'alice', config: page.config })).id
  for (const week of [1, 2, 3]) await world.agent().send({ session, intent: `week ${week}`, calls: [world.charge(gold(week))] })
})
afterAll(async () => {
  await served?.close()
  await world?.stop()
})

/** The server as the page reaches it; `broken` is what the network does to that. */
function network(user = 'alice') {
  const wire = {
    broken: false,
    asked: 0,
    url: served.url,
    headers: (): Record<string, string> => (user ? { 'x-user': user } : {}),
    async fetch(url: string, init: RequestInit) {
      wire.asked += 1
      if (wire.broken) throw new TypeError('Failed to fetch')
      return fetch(url, init)
    },
  }
  return wire
}

function Providers({ config, client = new QueryClient({ defaultOptions: { queries: { retryDelay: 1 } } }), children }: { config: SessionKeyConfig; client?: QueryClient; children: ReactNode }) {
  return (
    <StrictMode>
      <WagmiProvider config={config.wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={client}>
          <SessionKeyProvider config={config}>{children}</SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>
  )
}

function Activity({ endpoint, session, limit }: { endpoint: ServerEndpoint; session: SessionDefinition; limit?: number | undefined }) {
  const { status, runs, usage, hasMore, fetchMore, error, refetch } = useServerActivity({ endpoint, session, limit, usage: true })
  return (
    <>
      <output>{status}</output>
      <ol>{runs.map(({ id, calls }) => <li key={id}>{`${id}: ${calls[0]?.tokenAmount}`}</li>)}</ol>
      <p>{`left: ${usage?.permissions[0]?.amount?.left}`}</p>
      {hasMore && <button onClick={() => fetchMore()}>More</button>}
      {error && <p role="alert">{error.name}</p>}
      <button onClick={() => void refetch()}>Look again</button>
    </>
  )
}

const show = (endpoint: ServerEndpoint, { limit, definition = world.voucher }: { limit?: number; definition?: SessionDefinition } = {}) =>
  render(
    <Providers config={page.config}>
      <Activity endpoint={endpoint} session={definition} limit={limit} />
    </Providers>,
  )

const says = (status: string) => waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(new RegExp(`^${status}$`)))
const listed = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent)
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

test('what the server did, page by page, and what is left by the chain', async () => {
  show(network(), { limit: 2 })
  expect(screen.getByRole('status')).toHaveTextContent('loading')
  await says('known')
  expect(listed()).toEqual([`week 3: ${gold(3)}`, `week 2: ${gold(2)}`])
  expect(screen.getByText(`left: ${gold(34)}`)).toBeInTheDocument()
  await press('More')
  await waitFor(() => expect(listed()).toHaveLength(3))
  expect(screen.queryByRole('button', { name: 'More' })).toBeNull()
})

test('a page that is asked for comes, though all is read again meanwhile', async () => {
  const wire = network()
  let held = () => {}
  const client = new QueryClient()
  const slow = {
    ...wire,
    async fetch(url: string, init: RequestInit) {
      if (String(init.body).includes('after') && wire.asked === 1) {
        wire.asked += 1
        await new Promise<void>((resolve) => (held = resolve))
      }
      return wire.fetch(url, init)
    },
  }
  render(
    <Providers config={page.config} client={client}>
      <Activity endpoint={slow} session={world.voucher} limit={2} />
    </Providers>,
  )
  await says('known')
  await press('More')
  await waitFor(() => expect(wire.asked).toBe(2))
  act(() => void client.invalidateQueries())
  held()
  await waitFor(() => expect(listed()).toHaveLength(3))
})

test('a window that has the focus again is shown what happened meanwhile', async () => {
  show(network())
  await says('known')
  await world.agent().send({ session, intent: 'week 4', calls: [world.charge(gold(4))] })
  act(() => void window.dispatchEvent(new Event('visibilitychange')))
  await waitFor(() => expect(listed()[0]).toBe(`week 4: ${gold(4)}`))
})

test('a network that breaks takes nothing from the page, and is said; then all is well again', async () => {
  const wire = network()
  show(wire)
  await says('known')
  const before = listed()
  wire.broken = true
  await press('Look again')
  expect(await screen.findByRole('alert')).toHaveTextContent('ServerUnreachableError')
  await says('known')
  expect(listed()).toEqual(before)
  wire.broken = false
  await press('Look again')
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})

test('a server that refuses is asked once, and one that is not there again', async () => {
  const nobody = network('')
  const { unmount } = show(nobody)
  await says('unreachable')
  expect(screen.getByRole('alert')).toHaveTextContent('ServerRefusedActivityError')
  expect(nobody.asked).toBe(1)
  unmount()

  const gone = network()
  gone.broken = true
  show(gone)
  await says('unreachable')
  expect(screen.getByRole('alert')).toHaveTextContent('ServerUnreachableError')
  expect(gone.asked).toBe(4)
})

test('another user’s page, and another definition, show none', async () => {
  const { unmount } = show(network('mallory'))
  await says('none')
  expect(listed()).toEqual([])
  unmount()
  show(network(), { definition: world.subscription })
  await says('none')
})

test('without a wallet nobody is asked', async () => {
  await act(() => disconnect(page.config.wagmi))
  const wire = network()
  show(wire)
  await says('disconnected')
  expect(wire.asked).toBe(0)
})
