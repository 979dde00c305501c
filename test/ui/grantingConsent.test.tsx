// @vitest-environment happy-dom
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { maxUint256, parseAbi } from 'viem'
import { expect, test, vi } from 'vitest'
import { contractCall, defineSession, expiresIn, useGrantPermissions, useSessionKey } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { PermissionConsentDialog } from '../../src/ui/index.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

const minting = defineSession({
  name: 'minting',
  expiry: expiresIn({ days: 3 }),
  permissions: [contractCall({ address: '0x5FbDB2315678afecb367f032d93F642f64180aa3', abi: parseAbi(['function mint(address to)']), callLimit: 50, valueLimit: maxUint256 })],
})

/** An app whose wallet has the kit ask the user, and takes its time to grant. */
function renderApp() {
  // Openfort's wallet asks nobody itself.
  const wallet = mockWallet({ dialect: 'openfort' })
  const { request } = wallet.provider
  const held: { answer: () => void; fail: () => void }[] = []
  wallet.provider.request = async (call) => {
    if (call.method === 'wallet_grantPermissions') {
      await new Promise<void>((answer, reject) => held.push({ answer, fail: () => reject(Object.assign(new Error('The wallet is broken.'), { code: -32_603 })) }))
    }
    return request(call)
  }
  const wrapper = createTestWrapper({ wallet })
  render(
    <StrictMode>
      <Game />
    </StrictMode>,
    { wrapper },
  )
  return { held, user: userEvent.setup() }
}

function Game() {
  const grant = useGrantPermissions()
  const { status } = useSessionKey({ session: minting })
  return (
    <main>
      <PermissionConsentDialog />
      <button onClick={() => grant.mutate(minting)}>Start</button>
      <p>{`Session: ${status}`}</p>
      {grant.error && <p role="alert">{grant.error.shortMessage}</p>}
    </main>
  )
}

async function allow({ held, user }: ReturnType<typeof renderApp>) {
  await user.click(screen.getByRole('button', { name: 'Start' }))
  for (const tick of await screen.findAllByRole('checkbox')) await user.click(tick)
  await user.click(screen.getByRole('button', { name: 'Allow' }))
  await waitFor(() => expect(held).toHaveLength(1))
}

test('until the wallet has granted it, the dialog says so, and nothing of it can be changed', async () => {
  const app = renderApp()
  await allow(app)
  expect(screen.getByRole('alertdialog')).toHaveAttribute('aria-busy', 'true')
  expect(screen.getByRole('button', { name: 'Allowing…' })).toHaveAttribute('aria-disabled', 'true')
  expect(screen.getByText('Your wallet is at work on it. You can hide this; it goes on.')).toBeVisible()
  for (const tick of screen.getAllByRole('checkbox')) expect(tick).toBeDisabled()
  expect(screen.queryByRole('button', { name: 'Reject' })).toBeNull()
  // What was allowed can still be read through without a pointer.
  screen.getByRole('group', { name: /^Let .* act for you\?$/ }).focus()
  expect(document.activeElement).toHaveTextContent('What it may do')
  // Once is enough.
  await app.user.click(screen.getByRole('button', { name: 'Allowing…' }))
  app.held[0]?.answer()
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(await screen.findByText('Session: active')).toBeVisible()
  expect(app.held).toHaveLength(1)
})

test.each(['Hide', 'Escape'])('%s puts it out of sight, and it goes on', async (way) => {
  const app = renderApp()
  await allow(app)
  if (way === 'Hide') await app.user.click(screen.getByRole('button', { name: 'Hide' }))
  else await app.user.keyboard('{Escape}')
  expect(screen.queryByRole('alertdialog')).toBeNull()
  app.held[0]?.answer()
  expect(await screen.findByText('Session: active')).toBeVisible()
})

test('a wallet that fails closes it, and the app says what happened', async () => {
  const app = renderApp()
  await allow(app)
  app.held[0]?.fail()
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  expect(await screen.findByRole('alert')).toBeVisible()
})
