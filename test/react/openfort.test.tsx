// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { maxUint256, parseAbi } from 'viem'
import { createConfig, injected, WagmiProvider, type Connector } from 'wagmi'
import { connect } from 'wagmi/actions'
import {
  contractCall,
  createMemoryStore,
  createSessionKeyConfig,
  defineSession,
  expiresIn,
  SessionKeyProvider,
  useGrantPermissions,
  usePendingConsent,
  useSessionKey,
  useSupportedPermissions,
} from '../../src/index.js'
import { mockChain } from '../../src/testing/index.js'
import { PermissionConsentDialog } from '../../src/ui/index.js'
import { startOpenfortProvider } from '../dialects/openfortSdk.js'

const sword = '0x0000000000000000000000000000000000005401'
const abi = parseAbi(['function mint(address to)'])
const minting = defineSession({ name: 'minting', expiry: expiresIn({ days: 1 }), permissions: [contractCall({ address: sword, abi, functions: ['mint'], callLimit: 5 })] })
const acceptLosses = ['permissions[0].functions', 'permissions[0].valueLimit']

let openfort: Awaited<ReturnType<typeof startOpenfortProvider>>
beforeEach(async () => {
  // The page's origin is the document's; api.openfort.io allows every origin, the server here stays plain.
  const { happyDOM } = window as unknown as { happyDOM: { settings: { fetch: { disableSameOriginPolicy: boolean } } } }
  happyDOM.settings.fetch.disableSameOriginPolicy = true
  openfort = await startOpenfortProvider()
})
afterEach(() => openfort.stop())

/** An app with Openfort's own provider, handed to wagmi as its docs say. */
async function renderApp(view: 'dialog' | 'own') {
  const { chain, transport } = mockChain()
  const target = { id: 'openfort', name: 'Openfort', provider: openfort.provider as never }
  const wagmi = createConfig({ chains: [chain], transports: { [chain.id]: transport }, connectors: [injected({ target })], storage: null, multiInjectedProviderDiscovery: false })
  await connect(wagmi, { connector: wagmi.connectors[0] as Connector })
  const config = createSessionKeyConfig({ wagmi, store: createMemoryStore(), consentDelayMs: 0 })
  render(
    <WagmiProvider config={wagmi} reconnectOnMount={false}>
      <QueryClientProvider client={new QueryClient()}>
        <SessionKeyProvider config={config}>
          {view === 'dialog' ? <PermissionConsentDialog /> : <OwnConsent />}
          <Game />
        </SessionKeyProvider>
      </QueryClientProvider>
    </WagmiProvider>,
  )
  await screen.findByText('Session: none')
  return { config, user: userEvent.setup() }
}

function Game() {
  const grant = useGrantPermissions()
  const { status } = useSessionKey({ session: minting })
  const { data: wallet } = useSupportedPermissions()
  return (
    <main>
      <button onClick={() => grant.mutate({ ...minting, acceptLosses })}>Start</button>
      <p>Session: {status}</p>
      {wallet && <p>{`Speaks ${wallet.dialect}; mint alone: ${wallet.supports(minting.permissions[0])}; asked by: ${wallet.consent}`}</p>}
      {grant.error && <p role="alert">{grant.error.shortMessage}</p>}
    </main>
  )
}

/** A consent in which the user takes less. */
function OwnConsent() {
  const { request, approveLowered } = usePendingConsent()
  if (request?.type !== 'permissions') return null
  const permissions = request.permissions.map((permission) => ({ ...permission, callLimit: 2 }))
  return <button onClick={() => approveLowered({ permissions, expiry: request.chainTime + 3_600 } as never)}>Allow two calls for an hour</button>
}

const sessions = () => openfort.requests.filter(({ path }) => path === '/v1/sessions').map(({ body }) => body)

test('the body that reaches Openfort has the whitelist, the limit and the end that were asked for', async () => {
  const { config, user } = await renderApp('dialog')
  await screen.findByText('Speaks openfort; mint alone: false; asked by: kit')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  const consent = await screen.findByRole('alertdialog')
  expect(consent).toHaveTextContent('Your wallet can only grant more than the app asked for')
  expect(sessions()).toEqual([])
  await user.click(within(consent).getByRole('checkbox', { name: /I understand/ }))
  await user.click(within(consent).getByRole('button', { name: 'Allow' }))
  await screen.findByText('Session: active')
  const [session] = await config.sessions.find()
  const [body] = sessions()
  expect(body).toMatchObject({ address: session?.address, whitelist: [sword], limit: 5, chainId: 31_337 })
  const asked = session?.asked.expiry as number
  expect(body?.['validUntil']).toBeLessThanOrEqual(asked)
  expect(body?.['validUntil']).toBeGreaterThan(asked - 30)
  // The session acts within what was asked, though Openfort would let it do more.
  expect(session?.granted[0]).toMatchObject({ permission: { valueLimit: maxUint256 }, within: { functions: [{ signature: 'mint(address to)' }], valueLimit: 0n, callLimit: 5 } })
})

test('Reject sends nothing', async () => {
  const { config, user } = await renderApp('dialog')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Reject' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('User rejected the request')
  expect(sessions()).toEqual([])
  expect(await config.sessions.find()).toEqual([])
})

test('what the user lowers is what is sent', async () => {
  const { config, user } = await renderApp('own')
  await user.click(screen.getByRole('button', { name: 'Start' }))
  await user.click(await screen.findByRole('button', { name: 'Allow two calls for an hour' }))
  await screen.findByText('Session: active')
  const [session] = await config.sessions.find()
  const [body] = sessions()
  expect(body).toMatchObject({ limit: 2, whitelist: [sword] })
  expect((body?.['validUntil'] as number) - (body?.['validAfter'] as number)).toBeLessThanOrEqual(3_600)
  expect(session?.granted[0]?.within).toMatchObject({ callLimit: 2, functions: [{ signature: 'mint(address to)' }] })
})
