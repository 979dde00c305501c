// @vitest-environment happy-dom
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { parseUnits, type Address } from 'viem'
import { afterEach, expect, test, vi } from 'vitest'
import { defineSession, expiresIn, networkFees, SessionKeyProvider, useGrantPermissions } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { PermissionConsentDialog } from '../../src/ui/index.js'

const gold: Address = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const feeCollector: Address = '0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0'
const relay = { token: gold, targetAddress: gold, feeCollector, minFee: 1n }

afterEach(cleanup)
// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

const paying = defineSession({ expiry: expiresIn({ days: 3 }), permissions: [networkFees({ token: gold, feeCollector, limit: parseUnits('5', 18) })] })

function Shop() {
  const { mutate, isSuccess } = useGrantPermissions()
  return (
    <>
      <PermissionConsentDialog />
      <button onClick={() => mutate(paying)}>Ask</button>
      <p>{isSuccess ? 'granted' : 'not yet'}</p>
    </>
  )
}

function show(relayFees: () => Promise<typeof relay>) {
  const Wrapper = createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) })
  const lane = { ...Wrapper.config.lane, payer: 'account' as const }
  render(
    <SessionKeyProvider config={{ ...Wrapper.config, lane, relayFees }}>
      <Shop />
    </SessionKeyProvider>,
    { wrapper: Wrapper },
  )
  return userEvent.setup().click(screen.getByRole('button', { name: 'Ask' }))
}

test('what the relay says it is paid at is called network fees, and the user’s account is said to pay them', async () => {
  await show(() => Promise.resolve(relay))
  const dialog = await screen.findByRole('alertdialog')
  await waitFor(() => expect(dialog.querySelector('.rsk-permission-summary')).toHaveTextContent(/^pay network fees, at most .+ in total, only to .*0x9fE4…a6e0/u))
  expect(dialog.querySelector('.rsk-consent-sentence')).toHaveTextContent('pay network fees')
  expect(screen.getByText('paid from your account, within what is allowed here')).toBeDefined()
  await userEvent.click(screen.getByRole('button', { name: 'Allow' }))
  expect(await screen.findByText('granted')).toBeDefined()
})

test('a relay that does not answer: the permission is described as any other', async () => {
  await show(() => Promise.reject(new Error('no answer')))
  const dialog = await screen.findByRole('alertdialog')
  expect(dialog.querySelector('.rsk-permission-summary')).toHaveTextContent(/^spend up to .+ in total, only to .*0x9fE4…a6e0/u)
  expect(dialog).not.toHaveTextContent('pay network fees')
})
