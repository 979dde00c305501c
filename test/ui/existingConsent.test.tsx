// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { parseUnits, type Address } from 'viem'
import { afterEach, expect, test, vi } from 'vitest'
import type { PermissionConsentRequest } from '../../src/consent/consentRequest.js'
import { defineSession, erc20Allowance, expiresIn, nativeAllowance, SessionKeyProvider, useGrantPermissions } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { PermissionConsentDialog, PermissionConsentView } from '../../src/ui/index.js'

const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const usdc: Address = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const now = Date.UTC(2026, 10, 22, 17) / 1000
const units = (amount: string) => parseUnits(amount, 18)
const spend = (amount: string) => erc20Allowance({ token: gold, limit: units(amount) })

const request: PermissionConsentRequest = {
  type: 'permissions',
  id: '1',
  origin: 'https://sword-shop.example',
  account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  chain: { id: 8453, name: 'Base', nativeCurrency: { symbol: 'ETH', decimals: 18 } },
  metadata: { [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 18 }, [usdc.toLowerCase()]: { symbol: 'USDC', decimals: 6 } },
  delegate: undefined,
  permissions: [spend('1000'), nativeAllowance({ limit: units('1') })],
  expiry: now + 3 * 86_400,
  chainTime: now,
  upgradesAccount: false,
  adjustable: true,
}

afterEach(cleanup)
// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

const show = (asked: Partial<PermissionConsentRequest>) =>
  render(<PermissionConsentView request={{ ...request, ...asked }} timeZone="UTC" armDelayMs={0} onApprove={() => {}} onReject={() => {}} />)

test('a session that is replaced: what is new, changed, gone', () => {
  show({ existing: { ends: true, terms: { permissions: [spend('500'), erc20Allowance({ token: usdc, limit: 5_000_000n })], expiry: now + 100 } } })
  const [first, second] = within(screen.getByRole('list', { name: 'What it may do' })).getAllByRole('listitem')
  expect(first).toHaveTextContent('Changed')
  expect(first).toHaveTextContent('Amount: 500 GOLD before, 1000 GOLD now')
  expect(second).toHaveTextContent('New')
  expect(screen.getByRole('list', { name: 'Not allowed any more' })).toHaveTextContent('spend up to 5 USDC in total')
  expect(screen.getByRole('alertdialog')).toHaveTextContent('This one takes its place.')
})

test('one that stays: nothing is said to be gone', () => {
  show({ existing: { ends: false, terms: { permissions: [spend('1000'), erc20Allowance({ token: usdc, limit: 5n })], expiry: now + 100 } } })
  expect(screen.getAllByRole('listitem')[0]).toHaveTextContent('As before')
  expect(screen.queryByRole('list', { name: 'Not allowed any more' })).toBeNull()
  expect(screen.getByRole('alertdialog')).toHaveTextContent('It stays in force beside this one until it ends.')
})

test('where nobody knows, nothing is said', () => {
  show({})
  expect(screen.getByRole('alertdialog')).not.toHaveTextContent(/before|New/)
})

function Shop({ amount }: { amount: string }) {
  const grant = useGrantPermissions()
  const definition = defineSession({ name: 'shopping', expiry: expiresIn({ days: 3 }), permissions: [spend(amount)] })
  return (
    <>
      <PermissionConsentDialog />
      <button onClick={() => grant.mutate(definition)}>Ask for {amount}</button>
      <p>{grant.isSuccess ? 'granted' : 'not yet'}</p>
    </>
  )
}

test('prices come from where the app says; a wallet that cannot know says nothing of what was before', async () => {
  const Wrapper = createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) })
  const asked: unknown[] = []
  const prices = (tokens: readonly unknown[]) => (asked.push(...tokens), [{ currency: 'USD', perToken: 2 }])
  const user = userEvent.setup()
  render(
    <SessionKeyProvider config={{ ...Wrapper.config, prices }}>
      <Shop amount="1" />
    </SessionKeyProvider>,
    { wrapper: Wrapper },
  )
  for (const time of ['first', 'second']) {
    await user.click(screen.getByRole('button', { name: 'Ask for 1' }))
    const dialog = await screen.findByRole('alertdialog')
    await waitFor(() => expect(asked, time).toContainEqual({ chainId: 31_337, token: gold }))
    expect(dialog).not.toHaveTextContent('before')
    await user.click(screen.getByRole('button', { name: 'Allow' }))
    await screen.findByText('granted')
  }
})
