// @vitest-environment happy-dom
import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from '../../src/index.js'
import type { ServerActivity } from '../../src/sessions/activityWire.js'
import { mockWallet } from '../../src/testing/index.js'
import { SessionKeyCard, type SessionKeyCardProps } from '../../src/ui/index.js'
import { activityOf, offline, run, serverThatAnswers, signedOut, silence, subscription, tomorrow, undone } from '../../stories/serverWorld.js'
import { createWorld, day, did, done, explorableChain, hour, metadata, minted, now, paid, shopping, spend, sword } from '../../stories/sessionWorld.js'

// A busy machine is slow, not wrong.
vi.setConfig({ testTimeout: 30_000 })
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 }))
afterEach(() => void vi.useRealTimers())

const session = subscription()

async function show(server: ReturnType<typeof serverThatAnswers> | undefined, { of = session, history, ...props }: Partial<SessionKeyCardProps> & { of?: Session; history?: ReturnType<typeof did>[] } = {}) {
  const wrapper = createWorld({ sessions: [of], history, wallet: mockWallet({ chain: explorableChain() }) })
  render(
    <StrictMode>
      <SessionKeyCard session={of.id} server={server} metadata={metadata} timeZone="Europe/Berlin" {...props} />
    </StrictMode>,
    { wrapper },
  )
  return screen.findByRole('article', { name: of.name })
}

const shown = (given: Partial<ServerActivity>, more?: Parameters<typeof show>[1]) => show(serverThatAnswers(activityOf(more?.of ?? session, given)), more)
const items = async (count: number) => {
  await waitFor(() => expect(document.querySelectorAll('.rsk-action')).toHaveLength(count))
  return [...document.querySelectorAll<HTMLElement>('.rsk-action')]
}
const note = () => document.querySelector('.rsk-server-note')

describe('what the server did', () => {
  test('each charge with its amount and its day, by the chain’s clock, and its transaction', async () => {
    await shown({ runs: [run(0), run(1)] })
    const found = await items(2)
    expect(found.map((item) => item.textContent)).toEqual([
      'Charged 20 GOLDon Sun 22 Nov, 18:01by the app’s serverTransaction 0x7a3f…7a3f',
      'Charged 20 GOLDon Sat 21 Nov, 18:01by the app’s serverTransaction 0x7a3f…7a3f',
    ])
    expect(found.map(({ dataset }) => [dataset['outcome'], dataset['by']])).toEqual([['done', 'server'], ['done', 'server']])
    expect(within(found[0] as HTMLElement).getByRole('link')).toHaveAttribute('href', `https://explorer.example/tx/0x${'7a3f'.repeat(16)}`)
    expect(within(found[0] as HTMLElement).getByText('on Sun 22 Nov, 18:01').closest('time')).toHaveAttribute('datetime', '2026-11-22T17:01:00.000Z')
    expect(note()).toBeEmptyDOMElement()
  })

  test('what was not done is not said to be, each in words of its own', async () => {
    await shown({
      runs: [
        undone(0, { status: 'due', attempts: 0, calls: [] }),
        undone(1, { status: 'due', attempts: 2, error: { name: 'RelayUnreachableError' } }),
        undone(2, { status: 'missed', calls: [], attempts: 0, at: now }),
        undone(3, { status: 'failed', error: { name: 'SpendLimitExceededError' } }),
        undone(3.1, { status: 'failed', error: { name: 'RelayOutcomeUnknownError' } }),
      ],
    })
    const texts = (await items(5)).map(({ textContent }) => textContent ?? '')
    expect(texts.every((text) => !/Charged|Done/.test(text))).toBe(true)
    expect(texts).toEqual([
      'Due “subscription”It happens any moment now.on Sun 22 Nov, 18:01by the app’s server',
      // It came to this just now; what is told is the day that it was for.
      'Missed “subscription”Its time was over before it could happen. Nothing was charged, and it is not made up for.on Fri 20 Nov, 18:00by the app’s server',
      'Due transfer 20 GOLDThe service that pays the network did not answer. It is tried again.on Sat 21 Nov, 18:01by the app’s server',
      'Failed transfer 20 GOLDIt is more than is left to spend. Nothing was charged, and it is not tried again by itself.on Thu 19 Nov, 18:01by the app’s server',
      'Failed transfer 20 GOLDIt may have happened, and may still happen. Look at the chain before it is tried again.on Thu 19 Nov, 15:37by the app’s server',
    ])
  })

  test('held back, ended, done otherwise than expected, and what is no payment', async () => {
    await shown({
      runs: [
        undone(0, { status: 'over-budget', calls: [] }),
        undone(1, { status: 'ended', calls: [] }),
        run(2, { error: { name: 'EffectMissingError' } }),
        run(3, { calls: [paid(5n), { to: sword, selector: '0x6a627842', value: 0n }], moreCalls: 2 }),
        undone(4, { status: 'nothing' }),
      ],
    })
    expect((await items(4)).map((item) => [item.querySelector('.rsk-action-what')?.textContent, item.querySelector('.rsk-action-reason')?.textContent])).toEqual([
      ['Held back “subscription”', 'The app had set a limit on how often this happens, and it was reached. Nothing was charged.'],
      ['Not done “subscription”', 'The session had ended. Nothing was charged.'],
      ['Done transfer 20 GOLD', 'It is on the chain, and did something else than the app expected.'],
      ['Done transfer 5 GOLD, call 0x6a627842 on Sword and 2 more calls', undefined],
    ])
  })

  test('stands beside what this browser did, in one order', async () => {
    const of = shopping()
    await shown({ runs: [run(0.5), run(2)] }, { of, history: [did(of, 3 * day, [minted], done), did(of, hour, [minted], done)] })
    expect((await items(4)).map(({ dataset }) => dataset['by'])).toEqual(['browser', 'server', 'server', 'browser'])
  })

  test('five of it; the rest on request, page by page', async () => {
    const server = serverThatAnswers(
      activityOf(session, { runs: Array.from({ length: 20 }, (_, daysAgo) => run(daysAgo)), after: 'the twentieth' }),
      activityOf(session, { runs: [run(20), run(21)] }),
    )
    await show(server)
    await items(5)
    await userEvent.click(screen.getByText('Show more actions'))
    await items(20)
    await userEvent.click(screen.getByText('Show more actions'))
    await items(22)
    expect(screen.queryByText('Show more actions')).toBeNull()
    expect(JSON.parse(server.asked[1] ?? '')).toMatchObject({ action: 'activity', after: 'the twentieth' })
  })
})

describe('what it does next', () => {
  test('when, and how much it can be at most: how much it will be nobody knows', async () => {
    const card = await shown({ next: [{ ...tomorrow, rule: 'look', looks: true }, tomorrow, { ...tomorrow, at: now + 2 * day }] })
    await waitFor(() => expect(card).toHaveTextContent('Next: at most 20 GOLD on Mon 23 Nov, 18:00'))
    expect(card).not.toHaveTextContent('Tue 24 Nov')
  })

  test('the rule’s name where no single limit says', async () => {
    const of = shopping({ permissions: [spend] })
    expect(await shown({ next: [tomorrow] }, { of })).toBeVisible()
    expect(await screen.findByText('Next: “subscription” on Mon 23 Nov, 18:00')).toBeVisible()
  })

  test('paused', async () => {
    await shown({ next: [{ ...tomorrow, paused: true }] })
    expect(await screen.findByText('Paused: at most 20 GOLD, until the app goes on with it.')).toBeVisible()
  })

  test('nothing comes next of a session that the user has ended, though the server has not heard of it', async () => {
    const of = subscription({ status: 'revoked' })
    await shown({ runs: [run(0)], next: [tomorrow] }, { of })
    await items(1)
    expect(screen.queryByText(/^Next/)).toBeNull()
  })
})

describe('a server that says nothing', () => {
  test('is being asked', async () => {
    await show(serverThatAnswers(silence))
    expect(await screen.findByText('Asking the app’s server what it did…')).toHaveAttribute('role', 'status')
  })

  test('is signed out of, and can be asked again', async () => {
    await show(serverThatAnswers(signedOut, signedOut, activityOf(session, { runs: [run(0)] })))
    expect(await screen.findByText('The app’s server does not show you what it did. Sign in with the app first.')).toBeVisible()
    // Nobody is asked thrice who has refused.
    await userEvent.click(screen.getByRole('button', { name: 'Ask again' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Ask again' }))
    await items(1)
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull()
  })

  test('does not answer any more: what it said before stays, and is said to be old', async () => {
    const server = serverThatAnswers(activityOf(session, { runs: [run(0)] }), signedOut)
    await show(server)
    await items(1)
    window.dispatchEvent(new Event('visibilitychange'))
    expect(await screen.findByText(/does not show you what it did/)).toBeVisible()
    await items(1)
  })

  test('does not answer', async () => {
    await show(serverThatAnswers(offline))
    expect(await screen.findByText('The app’s server does not answer, so what it did is not shown here.', undefined, { timeout: 20_000 })).toBeVisible()
  })

  test('answers with something else', async () => {
    await show(serverThatAnswers(new Response('{"runs":[{"status":"charged twice"}]}')))
    expect(await screen.findByText(/does not answer, so what it did/, undefined, { timeout: 20_000 })).toBeVisible()
  })

  test('does not have the session; or has done nothing with it', async () => {
    const { unmount } = await showOnly(serverThatAnswers({ ...activityOf(session), session: undefined }))
    expect(await screen.findByText('The app’s server does not have this session.')).toBeVisible()
    unmount()
    await showOnly(serverThatAnswers(activityOf(session)))
    expect(await screen.findByText('The app’s server has done nothing with it yet.')).toBeVisible()
  })
})

async function showOnly(server: ReturnType<typeof serverThatAnswers>) {
  const wrapper = createWorld({ sessions: [session] })
  return render(<SessionKeyCard session={session.id} server={server} metadata={metadata} />, { wrapper })
}

test('without a server nobody is asked, and nothing of one is said', async () => {
  const asked = vi.spyOn(globalThis, 'fetch')
  const card = await show(undefined)
  await waitFor(() => expect(card).toHaveTextContent('Active'))
  expect(card).not.toHaveTextContent(/server|Last actions/)
  expect(asked).not.toHaveBeenCalled()
})

test('one that a server acts with is not asked for anew with a key of this browser', async () => {
  const of = subscription({ status: 'revoked' })
  const definition = { name: 'subscription', permissions: of.asked.permissions, expiry: now + day }
  await shown({}, { of, definition })
  expect(screen.queryByRole('button', { name: 'Start again' })).toBeNull()
})

test('an entry for each name of a rule, though it was written to deceive', async () => {
  await shown({ runs: [undone(0, { status: 'missed', calls: [], rule: 'a\u202Elive' }), undone(1, { status: 'failed', error: { name: 'constructor' } })] })
  const [first, second] = await items(2)
  expect(first?.querySelector('.rsk-action-what')?.textContent).toBe('Missed “alive”')
  expect(second?.querySelector('.rsk-action-reason')?.textContent).toBe('It did not go through. Nothing was charged, and it is not tried again by itself.')
})
