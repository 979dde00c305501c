import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, waitFor } from 'storybook/test'
import { grantPermissions } from '../src/actions/index.js'
import { createMemoryStore, defineSession, expiresIn, type Permission, type Session } from '../src/index.js'
import { ar } from '../src/locales/ar/index.js'
import type { MockSessionParameters } from '../src/testing/index.js'
import { mockChain, mockWallet } from '../src/testing/index.js'
import { SessionKeyCard } from '../src/ui/session-card/SessionKeyCard.js'
import { createWorld, day, did, done, explorableChain, gold, hour, metadata, mint, minted, now, paid, shopping, spend, usageOf, weekly, type WorldParameters } from './sessionWorld.js'

type StoryArgs = {
  session: Session
  world?: (session: Session) => WorldParameters
  /** Given as a whole, as an app would that shows another account's. */
  whole?: boolean
  renewable?: boolean
}

const definition = defineSession({ name: 'shopping', permissions: [mint, spend], expiry: expiresIn({ days: 3 }) })

const meta: Meta<StoryArgs> = {
  title: 'Components/SessionKeyCard',
  parameters: { docs: { story: { inline: false, height: '560px' } } },
  // Made once for each story, and not again when it is drawn again.
  loaders: [({ args: { session, world } }) => ({ World: createWorld({ sessions: [session], ...world?.(session) }) })],
  render: ({ session, whole, renewable }, { loaded: { World } }) => (
    <World>
      <SessionKeyCard session={whole ? session : session.id} metadata={metadata} timeZone="Europe/Berlin" definition={renewable ? definition : undefined} />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

const calls = (callLimit: number) => ({ ...mint, callLimit }) as Permission

/** With what the chain says is left. */
function card(session: Session, left: readonly (number | bigint)[] = [43, 620n * 10n ** 18n], more: Partial<WorldParameters> = {}): Story {
  return { args: { session, world: ({ id }) => ({ usage: { [id]: usageOf(session, left) }, ...more }) } }
}
const state = (given: MockSessionParameters): Story => ({ args: { session: shopping(given), renewable: true } })

export const Active: Story = card(shopping())
export const NearlyUsedUp: Story = card(shopping({ expiry: now + 40 * 60 }), [4, 90n * 10n ** 18n])
export const WhatIsLeftIsNotKnown: Story = { args: { session: shopping() } }
/** The app asks for something else by now. */
export const Outdated: Story = (() => {
  const story = card(shopping({ permissions: [calls(20), spend] }), [12, 620n * 10n ** 18n])
  return { args: { ...story.args, renewable: true } }
})()
export const Exhausted: Story = (() => {
  const story = card(shopping({ status: 'exhausted' }), [0, 0])
  return { args: { ...story.args, renewable: true } }
})()
export const ExhaustedUntilItRenews: Story = card(shopping({ status: 'exhausted', permissions: [weekly], expiry: now + 30 * day }), [0n])
export const Requested: Story = state({ status: 'requested' })
export const Granted: Story = state({ status: 'granted' })
/** No readable answer came; what to do is said. */
export const Unknown: Story = state({ status: 'unknown' })
/** More time than was asked, and the way to end it. */
export const Quarantined: Story = state({ status: 'quarantined' })
/** What was granted beside what was asked. */
export const QuarantinedBroader: Story = state({
  status: 'quarantined',
  permissions: [calls(20)],
  granted: [{ permission: calls(5_000) }],
  grantedExpiry: now + 3 * day,
  problem: 'callLimit goes beyond the request',
})
export const Revoking: Story = state({ status: 'revoking' })
export const Revoked: Story = state({ status: 'revoked' })
export const RevokedElsewhere: Story = state({ status: 'revoked', revocation: { blockNumber: 4_000n, elsewhere: true } })
export const Expired: Story = state({ status: 'expired', expiry: now - hour })
export const Rejected: Story = state({ status: 'rejected' })
export const AnotherAccount: Story = { args: { session: shopping({ account: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8' }), whole: true } }
export const None: Story = {
  args: { session: shopping(), world: () => ({ sessions: [] }) },
}
/** A private window: the app loses its key when the page is closed. */
export const NotKept: Story = card(shopping(), undefined, { store: createMemoryStore() })

/** What it did: done, refused, and one of which nothing is known. The transactions lead to the chain's explorer. */
export const WithActivity: Story = (() => {
  const session = shopping()
  const history = [
    did(session, 95 * 60, [paid(80n), minted], { status: 'done', transactionHash: `0x${'19c2'.repeat(16)}` }),
    did(session, 50 * 60, [{ ...minted, functionName: undefined, selector: '0x12345678' }], { status: 'refused', error: 'FunctionNotAllowedError', by: 'check' }),
    did(session, 42 * 60, [paid(1n)], { status: 'failed', error: 'SessionCallRevertedError' }),
    did(session, 30 * 60, [minted, minted, minted, paid(100n)], done),
    did(session, 12 * 60, [paid(5_000n)], { status: 'refused', error: 'SpendLimitExceededError', by: 'chain' }),
    did(session, 7 * 60, [minted], { status: 'unknown', error: 'RelayOutcomeUnknownError' }),
    did(session, 2 * 60, [paid(100n), minted], { status: 'done', transactionHash: `0x${'e05b'.repeat(16)}` }),
  ]
  return card(session, undefined, { history, wallet: mockWallet({ chain: explorableChain() }) })
})()
/** All of it, in Arabic: amounts and names stand as they do in English. */
export const WithActivityInArabic: Story = {
  ...WithActivity,
  render: ({ session }, { loaded: { World } }) => (
    <World>
      <SessionKeyCard session={session.id} metadata={metadata} timeZone="Europe/Berlin" messages={ar} />
    </World>
  ),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: ar.activityMore }))
  },
}

/** The question before it is ended; the safe answer has the focus. */
export const Ending: Story = {
  ...Active,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'End session' }))
  },
}
/** Two presses, here without a pointer: the safe answer comes first. Then the wallet and the chain have to say so. */
export const EndedByKeyboard: Story = {
  ...Active,
  loaders: [
    async () => {
      const World = createWorld({ wallet: mockWallet({ dialect: 'erc7715-2024', chain: mockChain({ timestamp: now }) }) })
      await grantPermissions(World.config, definition)
      return { World }
    },
  ],
  render: (_, { loaded: { World } }) => (
    <World>
      <SessionKeyCard session="shopping" metadata={metadata} timeZone="Europe/Berlin" />
    </World>
  ),
  play: async ({ canvas, userEvent }) => {
    const end = await canvas.findByRole('button', { name: 'End session' })
    end.focus()
    await userEvent.keyboard('{Enter}')
    await expect(canvas.getByRole('button', { name: 'Keep it' })).toHaveFocus()
    await userEvent.tab()
    await expect(canvas.getByRole('button', { name: 'End it' })).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('article')).toHaveAttribute('data-state', 'revoking'))
    await expect(canvas.getByRole('status')).toHaveTextContent('Answer in your wallet; then the chain has to show it…')
  },
}
export const DetailsOpened: Story = {
  ...Active,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByText('Details'))
  },
}
/** A wallet that ends it in its own screen only. */
export const OnlyTheWalletCanEndIt: Story = {
  args: {
    session: shopping({ dialect: 'erc7715-2024' }),
    world: () => ({ wallet: mockWallet({ dialect: 'none', chain: mockChain({ timestamp: now }) }) }),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'End session' }))
    await userEvent.click(await canvas.findByRole('button', { name: 'End it' }))
    await canvas.findByRole('alert')
  },
}
export const TenPermissions: Story = (() => {
  const permissions = Array.from({ length: 10 }, (_, index): Permission => (index % 2 === 0 ? calls(10 * (index + 1)) : { type: 'erc20-token-allowance', token: gold, limit: BigInt(index) * 100n * 10n ** 18n }))
  return card(
    shopping({ permissions }),
    permissions.map((permission, index) => (permission.type === 'contract-call' ? 10 * index : 90n * BigInt(index) * 10n ** 18n)),
  )
})()
export const LongName: Story = card(shopping({ name: 'weekly-tournament-of-the-northern-arena-and-everything-around-it-season-4' }))
export const Dark: Story = { ...Active, globals: { scheme: 'dark' } }
export const DarkQuarantined: Story = { ...Quarantined, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...Active, globals: { direction: 'rtl' } }
