// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, test, vi } from 'vitest'
import { defineSession, erc20Allowance, expiresIn, GrantMismatchError, useGrantPermissions } from '../../src/index.js'
import { createTestWrapper, mockWallet } from '../../src/testing/index.js'
import { GrantDifference, GrantMismatch } from '../../src/ui/index.js'

const gold = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const definition = defineSession({ name: 'shopping', expiry: expiresIn({ days: 3 }), permissions: [erc20Allowance({ token: gold, limit: 1000n })] })
const metadata = { [gold.toLowerCase()]: { symbol: 'GOLD', decimals: 0 } }

vi.setConfig({ testTimeout: 60_000 })
afterEach(cleanup)

function Shop() {
  const { mutate, data, error } = useGrantPermissions()
  return (
    <>
      <button onClick={() => mutate(definition)}>Start</button>
      {data && <GrantDifference asked={data.asked} granted={data.granted} metadata={metadata} />}
      {error instanceof GrantMismatchError && <GrantMismatch error={error} metadata={metadata} />}
      {data && <p>granted</p>}
    </>
  )
}

async function grant(decision: 'grant' | 'narrow' | 'broaden') {
  render(<Shop />, { wrapper: createTestWrapper({ wallet: mockWallet({ decision }) }) })
  await userEvent.click(screen.getByRole('button', { name: 'Start' }))
}
const cells = async () => within(await screen.findByRole('table', { name: 'What your wallet granted instead' })).getAllByRole('cell').map(({ textContent }) => textContent)

test('less than was asked stands beside what was asked', async () => {
  await grant('narrow')
  expect(await cells()).toEqual(['1000 GOLD', '500 GOLDless'])
})

test('more than was asked is said not to be used', async () => {
  await grant('broaden')
  expect(await cells()).toEqual(['1000 GOLD', '2000 GOLDmore'])
  expect(screen.getByRole('group')).toHaveTextContent('It is kept aside and not used.')
})

test('the same is nothing to show', async () => {
  await grant('grant')
  await screen.findByText('granted')
  expect(screen.queryByRole('table')).toBeNull()
})
