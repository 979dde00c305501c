import { fireEvent, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { contractCall, defineSession, expiresIn, SessionKeyProvider, useGrantPermissions, useSessionKey, type SessionStatus } from 'react-session-keys'
import { createTestWrapper, mockSession, mockWallet } from 'react-session-keys/testing'
import { PermissionConsentDialog } from 'react-session-keys/ui'
import { expect, test } from 'vitest'
import { swordAbi } from '../../demo/contracts/artifacts.js'
import { transitions } from '../../src/sessions/status.js'

const minting = defineSession({
  expiry: expiresIn({ days: 3 }),
  permissions: [contractCall({ address: '0x0000000000000000000000000000000000005401', abi: swordAbi, functions: ['mint'], callLimit: 10 })],
})

function Shop({ acceptLosses = [] }: { acceptLosses?: readonly string[] }) {
  const { mutate: grant, error } = useGrantPermissions()
  const session = useSessionKey({ session: minting })
  return (
    <>
      <PermissionConsentDialog />
      <p role="status">{session.status}</p>
      <button onClick={() => grant({ ...minting, acceptLosses })}>Start</button>
      {error && <p role="alert">{error.shortMessage}</p>}
    </>
  )
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

/** What a test of an app does, with nothing set up for it. Run in each kind of page that tests are run in. */
export function appTests(): void {
  test('Start, the dialog, Allow at once: the session is active', async () => {
    render(<Shop />, { wrapper: createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) }) })
    expect(await screen.findByText('none')).toBeVisible()
    press('Start')
    const dialog = await screen.findByRole('alertdialog', { name: 'Let localhost:3000 act for you?' })
    expect(dialog).toBeVisible()
    expect(screen.getByRole('button', { name: 'Reject' })).toHaveFocus()
    press('Allow')
    expect(await screen.findByText('active')).toBeVisible()
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('Reject: the app says so', async () => {
    render(<Shop />, { wrapper: createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) }) })
    press('Start')
    await screen.findByRole('alertdialog')
    press('Reject')
    expect(await screen.findByRole('alert')).toHaveTextContent('User rejected the request.')
    expect(screen.getByRole('status')).toHaveTextContent('rejected')
    expect(screen.queryByRole('alertdialog')).toBeNull()
  })

  test('Escape rejects', async () => {
    render(<Shop />, { wrapper: createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) }) })
    press('Start')
    fireEvent.keyDown(await screen.findByRole('alertdialog'), { key: 'Escape' })
    expect(await screen.findByRole('alert')).toHaveTextContent('User rejected the request.')
  })

  test('in Strict Mode too', async () => {
    const wallet = mockWallet({ decision: 'ask' })
    render(<StrictMode><Shop /></StrictMode>, { wrapper: createTestWrapper({ wallet }) })
    press('Start')
    await screen.findByRole('alertdialog')
    press('Allow')
    expect(await screen.findByText('active')).toBeVisible()
  })

  test('a wallet that asks nobody is asked for by the same dialog', async () => {
    const wallet = mockWallet({ dialect: 'openfort' })
    const acceptLosses = ['permissions[0].functions', 'permissions[0].valueLimit']
    render(<Shop acceptLosses={acceptLosses} />, { wrapper: createTestWrapper({ wallet }) })
    press('Start')
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('can only grant more than the app asked for')
    fireEvent.click(screen.getByRole('checkbox', { name: /I understand/ }))
    press('Allow')
    expect(await screen.findByText('active')).toBeVisible()
  })

  test('a wallet that needs no page, and no wrapper parameters at all', async () => {
    render(<Shop />, { wrapper: createTestWrapper() })
    press('Start')
    expect(await screen.findByText('active')).toBeVisible()
  })

  test.each(Object.keys(transitions) as SessionStatus[])('a stored session that is %s', async (status) => {
    render(<Shop />, { wrapper: createTestWrapper({ sessions: [mockSession({ status })] }) })
    // A tombstone is no session any more.
    expect(await screen.findByText(status === 'purged' ? 'none' : status)).toBeVisible()
  })

  test('only the wrapper leaves the moment out that Allow waits', async () => {
    const { config } = createTestWrapper({ wallet: mockWallet({ decision: 'ask' }) })
    const wrapper = createTestWrapper()
    const inProduction = { ...config, consentDelayMs: undefined }
    render(<SessionKeyProvider config={inProduction}><Shop /></SessionKeyProvider>, { wrapper })
    press('Start')
    await screen.findByRole('alertdialog')
    expect(screen.getByRole('button', { name: 'Allow' })).toHaveAttribute('aria-disabled', 'true')
    press('Allow')
    expect(screen.getByRole('alertdialog')).toBeVisible()
  })
}
