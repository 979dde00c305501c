// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createTestWrapper, mockWallet } from 'react-session-keys/testing'
import { expect, test } from 'vitest'
import { StartButton } from './StartButton.js'

test('says so when the user declines', async () => {
  const wallet = mockWallet({ decision: 'reject' })
  render(<StartButton />, { wrapper: createTestWrapper({ wallet }) })
  await userEvent.click(screen.getByRole('button', { name: 'Start session' }))
  expect(await screen.findByRole('alert')).toHaveTextContent('User rejected the request')
  expect(wallet.calls.at(-1)?.method).toBe('wallet_requestExecutionPermissions')
})
