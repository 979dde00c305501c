// @vitest-environment happy-dom
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineSession, expiresIn } from '../../src/index.js'
import { mockChain, mockWallet, type MockWalletParameters } from '../../src/testing/index.js'
import { GrantPermissionsButton, type GrantPermissionsButtonProps } from '../../src/ui/index.js'
import { createWorld, mint, now, spend } from '../../stories/sessionWorld.js'
import { describePart } from './conformance/describePart.js'

const definition = defineSession({ name: 'shopping', permissions: [mint, spend], expiry: expiresIn({ days: 3 }) })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
})

function show(parameters: MockWalletParameters = {}, props: Partial<GrantPermissionsButtonProps> = {}) {
  const wallet = mockWallet({ chain: mockChain({ timestamp: now }), ...parameters } as MockWalletParameters)
  render(
    <StrictMode>
      <GrantPermissionsButton session={definition} timeZone="Europe/Berlin" {...props} />
    </StrictMode>,
    { wrapper: createWorld({ wallet }) },
  )
  const asked = () => wallet.calls.filter(({ method }) => method === 'wallet_requestExecutionPermissions').length
  return { wallet, asked }
}
const button = () => screen.getByRole('button')
const press = () => userEvent.click(button())

test('it asks, and says that the session is on, and until when', async () => {
  const onSuccess = vi.fn()
  const { asked } = show({}, { mutation: { onSuccess } })
  expect(button()).toHaveTextContent('Start session')
  await press()
  await waitFor(() => expect(button()).toHaveTextContent('Session is on'))
  expect(button()).toHaveAttribute('data-state', 'granted')
  expect(screen.getByRole('status')).toHaveTextContent('Until Wed 25 Nov, 18:00 CET.')
  expect(onSuccess).toHaveBeenCalledOnce()
  await press()
  expect(asked()).toBe(1)
})

test('while the wallet is asked it says so, keeps the focus and asks no second time', async () => {
  const { asked } = show({ decision: 'hang' })
  await press()
  await waitFor(() => expect(asked()).toBe(1))
  expect(button()).toHaveTextContent('Waiting for your wallet…')
  expect(button()).toHaveAttribute('aria-disabled', 'true')
  expect(button()).toHaveFocus()
  expect(screen.getByRole('status')).toHaveTextContent('Answer in your wallet.')
  await press()
  expect(asked()).toBe(1)
})

test.each<[MockWalletParameters, string, string]>([
  [{ decision: 'reject' }, 'failed', 'You said no in your wallet. Nothing has changed.'],
  [{ decision: 'broaden' }, 'failed', 'Your wallet granted something else than was asked. It is set aside and never used.'],
  [{ decision: 'garbage' }, 'failed', 'Your wallet’s answer cannot be read.'],
  [{ dialect: 'none' }, 'failed', 'Your wallet cannot grant permissions to apps. Connect another one.'],
])('%j is said in words, and tied to the button', async (parameters, state, words) => {
  show(parameters)
  await press()
  expect(await screen.findByRole('alert')).toHaveTextContent(words)
  expect(button()).toHaveAttribute('data-state', state)
  expect(button()).toHaveAccessibleDescription(expect.stringContaining(words) as string)
  expect(button()).toHaveTextContent('Start session')
})

test('a wallet on another network is told which one it is about, also where the definition leaves it to the connection', async () => {
  const wallet = mockWallet({ dialect: 'erc7715-2024', chain: mockChain({ timestamp: now }) })
  const { request } = wallet.provider
  wallet.provider.request = async (call) => (call.method === 'eth_chainId' ? '0x1' : request(call))
  render(<GrantPermissionsButton session={definition} />, { wrapper: createWorld({ wallet }) })
  await press()
  expect(await screen.findByRole('alert')).toHaveTextContent(`Your wallet is on another network. Switch it to ${wallet.mockChain.chain.name}, then try again.`)
})

test('a wallet that stays busy is asked again by the next press', async () => {
  let busy = true
  const { asked } = show({
    decision: () => {
      if (busy) throw Object.assign(new Error('A request is in process.'), { code: -32002 })
      return 'grant'
    },
  })
  await press()
  expect(await screen.findByRole('alert')).toHaveTextContent('Your wallet has another request open.')
  expect(button()).toHaveTextContent('Try again')
  expect(button()).toHaveAttribute('data-state', 'busy')
  const before = asked()
  busy = false
  await press()
  await waitFor(() => expect(button()).toHaveTextContent('Session is on'))
  expect(asked()).toBe(before + 1)
  expect(screen.queryByRole('alert')).toBeNull()
})

test('its words are its children', () => {
  show({}, { children: 'Play' })
  expect(screen.getByRole('button', { name: 'Play' })).toBeVisible()
})

describePart('GrantPermissionsButton', (props) => <GrantPermissionsButton session={definition} {...props} />, {
  tag: 'button',
  className: 'rsk-button rsk-button-primary',
  wrapper: () => createWorld(),
})
