// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { zeroAddress } from 'viem'
import { expect, onTestFinished, test } from 'vitest'
import { WagmiProvider } from 'wagmi'
import { SessionKeyProvider } from '../../src/index.js'
import { GrantPermissionsButton, SessionKeyCard } from '../../src/ui/index.js'
import { gold, startShop } from '../startShop.js'

test('granted, used, counted and ended: the card says what the chain says', async () => {
  const shop = await startShop()
  onTestFinished(shop.stop)
  render(
    <StrictMode>
      <WagmiProvider config={shop.config.wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={new QueryClient()}>
          <SessionKeyProvider config={shop.config}>
            <GrantPermissionsButton session={shop.shopping} />
            <SessionKeyCard session={shop.shopping} />
          </SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>,
  )
  const card = screen.getByRole('article')
  await userEvent.click(screen.getByRole('button', { name: 'Start session' }))
  await waitFor(() => expect(card).toHaveAttribute('data-state', 'active'))
  const spending = () => within(card).getByRole('meter', { name: /GOLD/ })
  await waitFor(() => expect(spending()).toHaveAttribute('aria-valuetext', expect.stringMatching(/^1000 GOLD left of 1000 GOLD/)))

  await shop.send([shop.pay(gold(900))])
  await waitFor(() => expect(spending()).toHaveAttribute('aria-valuetext', expect.stringMatching(/^100 GOLD left of 1000 GOLD/)))
  expect(spending()).toHaveAttribute('data-state', 'near')
  expect(card).toHaveTextContent('Last used')

  await expect(shop.send([shop.pay(gold(5_000))])).rejects.toThrow('is left and the call needs')
  await expect(shop.send([shop.pay(gold(1), zeroAddress)])).rejects.toThrow('The call failed in the contract')
  const actions = () => [...within(card).getByRole('list', { name: 'Last actions' }).querySelectorAll('li')].map((item) => item.textContent)
  await waitFor(() =>
    expect(actions()).toEqual([
      expect.stringMatching(/^Failed transfer 1 GOLDA contract that was called refused. Nothing took effect./),
      expect.stringMatching(/^Refused transfer 5000 GOLDIt is more than is left to spend. Nothing was sent./),
      expect.stringMatching(/^Done transfer 900 GOLD.*(now|second|minute).*Transaction 0x/),
    ]),
  )

  await userEvent.click(within(card).getByRole('button', { name: 'End session' }))
  await userEvent.click(within(card).getByRole('button', { name: 'End it' }))
  await waitFor(() => expect(card).toHaveAttribute('data-state', 'revoked'))
  expect(card).toHaveFocus()
  expect(within(card).getByRole('button')).toHaveTextContent('Start again')
})
