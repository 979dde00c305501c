import type { Meta, StoryObj } from '@storybook/react-vite'
import { waitFor } from 'storybook/test'
import type { Session } from '../src/index.js'
import { ar } from '../src/locales/ar/index.js'
import { es } from '../src/locales/es/index.js'
import { mockWallet } from '../src/testing/index.js'
import type { Locale } from '../src/ui/index.js'
import { SessionKeyCard } from '../src/ui/session-card/SessionKeyCard.js'
import { activityOf, offline, run, serverThatAnswers, signedOut, silence, subscription, tomorrow, undone } from './serverWorld.js'
import { createWorld, day, explorableChain, metadata, minted, now, paid, sword, usageOf } from './sessionWorld.js'

type StoryArgs = { session: Session; server: (session: Session) => ReturnType<typeof serverThatAnswers>; messages?: Locale }

/**
 * With `server`, a `SessionKeyCard` also says what the app's server did with the session, and what it does next. `server` is where the app has
 * `createStatusHandler(…).handler`; without a component, `useServerActivity` tells the same.
 */
const meta: Meta<StoryArgs> = {
  title: 'Components/SessionKeyCard and the app’s server',
  parameters: { docs: { story: { inline: false, height: '560px' } } },
  // Made once for each story, and not again when it is drawn again.
  loaders: [
    ({ args: { session, server } }) => ({
      World: createWorld({ sessions: [session], usage: { [session.id]: usageOf(session, [0n]) }, wallet: mockWallet({ chain: explorableChain() }) }),
      server: server(session),
    }),
  ],
  render: ({ session, messages }, { loaded: { World, server } }) => (
    <World>
      <SessionKeyCard session={session.id} server={server} metadata={metadata} timeZone="Europe/Berlin" messages={messages} />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

const session = subscription()
const charges = [run(0), run(1), run(2)]

/** What it charged, on which day, and what it does next. The transactions lead to the chain's explorer. */
export const Charged: Story = { args: { session, server: (of) => serverThatAnswers(activityOf(of, { runs: charges, next: [tomorrow] })) } }

/** A period that was over before it could be charged, one that was tried to no avail, one of which nobody knows, and one that is being tried. */
export const MissedAndFailed: Story = {
  args: {
    session,
    server: (of) =>
      serverThatAnswers(
        activityOf(of, {
          runs: [
            undone(0, { status: 'due', attempts: 2, error: { name: 'RelayUnreachableError' } }),
            undone(1, { status: 'failed', attempts: 5, error: { name: 'RelayOutcomeUnknownError' } }),
            undone(2, { status: 'failed', attempts: 5, error: { name: 'SessionCallRevertedError' } }),
            undone(3, { status: 'missed', calls: [], attempts: 0 }),
            run(4),
          ],
          next: [tomorrow],
        }),
      ),
  },
}

/** What the app itself holds back, and what is not a payment. */
export const HeldBackAndRepaired: Story = {
  args: {
    session,
    server: (of) =>
      serverThatAnswers(
        activityOf(of, {
          runs: [
            run(0, { rule: 'repair', calls: [paid(5n), { to: sword, selector: '0x12345678', functionName: 'repair', value: 0n }] }),
            undone(1, { status: 'over-budget', rule: 'repair', calls: [], attempts: 0 }),
            undone(2, { status: 'nothing', rule: 'repair', calls: [] }),
            run(3, { rule: 'gift', calls: [minted] }),
          ],
          next: [{ ...tomorrow, rule: 'repair', looks: true }],
        }),
      ),
  },
}

export const Paused: Story = { args: { session, server: (of) => serverThatAnswers(activityOf(of, { runs: charges, next: [{ ...tomorrow, paused: true }] })) } }

/** Cancelled: it says what was charged until then, and nothing comes next, whatever the server has not heard yet. */
export const Ended: Story = {
  args: {
    session: subscription({ status: 'revoked', updatedAt: now * 1000 }),
    server: (of) => serverThatAnswers(activityOf(of, { runs: [undone(0, { status: 'ended', calls: [] }), run(1)], next: [tomorrow] })),
  },
}

export const Nothing: Story = { args: { session, server: (of) => serverThatAnswers(activityOf(of, { next: [tomorrow] })) } }
export const Loading: Story = { args: { session, server: () => serverThatAnswers(silence) } }
export const Unreachable: Story = {
  args: { session, server: () => serverThatAnswers(offline) },
  play: async ({ canvas }) => void (await canvas.findByText(/does not answer, so what it did/, undefined, { timeout: 20_000 })),
}
export const SignedOut: Story = { args: { session, server: () => serverThatAnswers(signedOut) } }
export const NotThere: Story = { args: { session, server: (of) => serverThatAnswers({ ...activityOf(of), session: undefined }) } }

/** Four weeks of it: page by page. */
export const ManyCharges: Story = {
  args: {
    session: subscription({ createdAt: (now - 28 * day) * 1000 }),
    server: (of) =>
      serverThatAnswers(
        activityOf(of, { runs: Array.from({ length: 20 }, (_, daysAgo) => run(daysAgo)), after: 'subscription:20', next: [tomorrow] }),
        activityOf(of, { runs: Array.from({ length: 8 }, (_, daysAgo) => run(20 + daysAgo)), next: [tomorrow] }),
      ),
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole('button', { name: 'Show more actions' }))
    await userEvent.click(await canvas.findByRole('button', { name: 'Show more actions' }))
    await waitFor(() => canvas.getByText('on Mon 26 Oct, 18:01'))
  },
}

export const Dark: Story = { ...MissedAndFailed, globals: { scheme: 'dark' } }
export const InSpanish: Story = { args: { ...(MissedAndFailed.args as StoryArgs), messages: es } }
export const InArabic: Story = { args: { ...(MissedAndFailed.args as StoryArgs), messages: ar } }
