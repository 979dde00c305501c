// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WagmiProvider } from 'wagmi'
import { SessionKeyDevtools } from '../../src/devtools/index.js'
import { SessionKeyProvider } from '../../src/index.js'
import { gold, startShop } from '../startShop.js'
import { fill, open, tab } from './showDevtools.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 60_000 })

test('granted and used: the panel says what the chain, the wallet and the check say', async () => {
  const shop = await startShop()
  onTestFinished(shop.stop)
  render(
    <StrictMode>
      <WagmiProvider config={shop.config.wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={new QueryClient()}>
          <SessionKeyProvider config={shop.config}>
            <SessionKeyDevtools />
          </SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>,
  )
  const { session } = await act(() => shop.grant())
  await act(() => shop.send([shop.pay(gold(900))]))
  await open()
  await userEvent.click(await screen.findByText('shopping'))
  const left = () => screen.getByRole('meter', { name: /GOLD/ }).getAttribute('aria-valuetext')
  await waitFor(() => expect(left()).toMatch(/^100 GOLD left of 1000 GOLD/))

  await tab('Check')
  await fill('To', shop.gold)
  await fill('Function', 'transfer(address to, uint256 amount)')
  await fill('to: address', shop.shop)
  await fill('amount: uint256', String(gold(200)))
  await userEvent.click(screen.getByRole('button', { name: 'Check' }))
  const verdict = () => screen.getByRole('region', { name: 'Verdict' })
  await waitFor(() => expect(verdict()).toHaveTextContent('SpendLimitExceededError This session may spend 1000 GOLD; 100 GOLD is left and the call needs 200 GOLD.'))
  await fill('amount: uint256', String(gold(100)))
  await userEvent.click(screen.getByRole('button', { name: 'Check' }))
  await waitFor(() => expect(verdict()).toHaveAttribute('data-state', 'allowed'))
  await waitFor(() => expect(left()).toMatch(/^100 GOLD left of 1000 GOLD/))
  expect(await shop.balance(shop.gold, shop.shop), 'nothing was sent for it').toBe(gold(900))

  await act(() => shop.config.sessions.transition(session, 'revoking'))
  await tab('Timeline')
  const steps = within(screen.getByRole('list', { name: 'Changes of status, newest first' })).getAllByRole('listitem')
  expect(steps.map(({ textContent }) => /\d(\D+)shopping/.exec(textContent ?? '')?.[1])).toEqual(['activetorevoking', 'grantedtoactive', 'requestedtogranted', 'newtorequested'])
  await tab('Wire')
  expect(screen.getAllByText('wallet_requestExecutionPermissions')[0]?.closest('li')).toHaveAttribute('data-state', 'answered')
})
