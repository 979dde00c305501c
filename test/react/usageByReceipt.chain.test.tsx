// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { formatUnits, parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WagmiProvider } from 'wagmi'
import { SessionKeyProvider, useCheckCalls, usePermissionUsage, useSendSessionCalls } from '../../src/index.js'
import { SessionKeyCard } from '../../src/ui/index.js'
import { directLane } from '../../src/execution/directLane.js'
import { countedApp } from '../execution/countedApp.js'
import { gold, startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
beforeAll(async () => void (world = await startShop({ lane: 'direct' })))
afterAll(() => world.stop())

function Shop() {
  const session = world.shopping
  const usage = usePermissionUsage({ session })
  const check = useCheckCalls({ session, calls: [world.pay(gold(400))] })
  const send = useSendSessionCalls({ session })
  const left = usage.data?.permissions[1]?.amount?.left
  return (
    <>
      <output aria-label="left">{left === undefined ? '' : formatUnits(left, 18)}</output>
      <output aria-label="check">{check.data?.error?.name ?? String(check.data?.allowed)}</output>
      <output aria-label="sent">{send.status}</output>
      <button disabled={send.isPending} onClick={() => send.mutate({ calls: [world.pay(gold(300))] })}>Pay</button>
      <SessionKeyCard session={session} />
    </>
  )
}

test('with meters, a card and a check on the screen an action is one request all the same, and all of them show it', async () => {
  const { session } = await world.grant()
  await world.chain.setBalance(session.address, parseEther('1'))
  const app = countedApp(world, () => directLane())
  render(
    <StrictMode>
      <WagmiProvider config={app.config.wagmi} reconnectOnMount={false}>
        <QueryClientProvider client={new QueryClient()}>
          <SessionKeyProvider config={app.config}>
            <Shop />
          </SessionKeyProvider>
        </QueryClientProvider>
      </WagmiProvider>
    </StrictMode>,
  )
  const user = userEvent.setup()
  const left = (amount: string) => waitFor(() => expect(screen.getByLabelText('left').textContent).toBe(amount))
  await left('1000')
  await waitFor(() => expect(screen.getByLabelText('check').textContent).toBe('true'))
  await user.click(screen.getByRole('button', { name: 'Pay' }))
  await left('700')

  await waitFor(() => expect(screen.getByRole('button', { name: 'Pay' })).not.toHaveProperty('disabled', true))
  const second = await app.during(async () => {
    await user.click(screen.getByRole('button', { name: 'Pay' }))
    await left('400')
    await waitFor(() => expect(screen.getByRole('meter', { name: /GOLD/ }).getAttribute('aria-valuetext')).toMatch(/\b400\b/))
  })
  expect(second).toEqual(['eth_sendRawTransactionSync'])
  expect(screen.getByLabelText('check').textContent).toBe('true')

  // Refused by the receipt too; only the sentence needs the token's name.
  await waitFor(() => expect(screen.getByRole('button', { name: 'Pay' })).not.toHaveProperty('disabled', true))
  const third = await app.during(async () => {
    await user.click(screen.getByRole('button', { name: 'Pay' }))
    await left('100')
    await waitFor(() => expect(screen.getByLabelText('check').textContent).toBe('SpendLimitExceededError'))
  })
  expect(third.filter((method) => method === 'eth_getBlockByNumber')).toEqual([])

  // One that fails tells nothing: the chain is asked.
  await waitFor(() => expect(screen.getByRole('button', { name: 'Pay' })).not.toHaveProperty('disabled', true))
  const refused = await app.during(async () => {
    await user.click(screen.getByRole('button', { name: 'Pay' }))
    await waitFor(() => expect(screen.getByLabelText('sent').textContent).toBe('error'))
    await left('100')
  })
  expect(refused).toContain('eth_getBlockByNumber')
})
