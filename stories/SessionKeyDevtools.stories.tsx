import type { Meta, StoryObj } from '@storybook/react-vite'
import { grantPermissions } from '../src/actions/index.js'
import '../src/devtools/devtools.css'
import { SessionKeyDevtools, type SessionKeyDevtoolsProps } from '../src/devtools/index.js'
import { expiresIn, type Permission } from '../src/index.js'
import { mockChain, mockWallet, type TestWrapper } from '../src/testing/index.js'
import { createWorld, day, gold, hour, metadata, mint, now, shopping, spend, usageOf, weekly, type WorldParameters } from './sessionWorld.js'

type StoryArgs = Pick<SessionKeyDevtoolsProps, 'initialIsOpen' | 'initialTab' | 'position'> & { world?: () => WorldParameters }

const meta: Meta<StoryArgs> = {
  title: 'Components/SessionKeyDevtools',
  args: { initialIsOpen: true },
  parameters: { docs: { story: { inline: false, height: '640px' } } },
  loaders: [({ args: { world } }) => ({ World: createWorld(world?.()) })],
  render: ({ initialIsOpen, initialTab, position }, { loaded: { World } }) => (
    <World>
      <SessionKeyDevtools metadata={metadata} timeZone="Europe/Berlin" initialIsOpen={initialIsOpen} initialTab={initialTab} position={position} />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

const calls = (callLimit: number) => ({ ...mint, callLimit }) as Permission

function several(): WorldParameters {
  const live = shopping()
  const arena = shopping({ name: 'arena', status: 'exhausted', permissions: [weekly], expiry: now + 30 * day, createdAt: (now - 3 * day) * 1000 })
  const broader = shopping({
    name: 'tournament',
    status: 'quarantined',
    permissions: [calls(20)],
    granted: [{ permission: calls(5_000) }],
    grantedExpiry: now + 9 * day,
    problem: 'callLimit goes beyond the request',
    createdAt: (now - 4 * hour) * 1000,
  })
  const others = (['requested', 'unknown', 'revoking', 'revoked', 'rejected'] as const).map((status, index) =>
    shopping({ status, name: `round-${index + 1}`, createdAt: (now - (index + 5) * hour) * 1000 }),
  )
  const expired = shopping({ status: 'expired', name: 'trial', expiry: now - hour, createdAt: (now - 9 * day) * 1000 })
  return {
    sessions: [live, broader, ...others, arena, expired],
    usage: { [live.id]: usageOf(live, [43, 120n * 10n ** 18n]), [arena.id]: usageOf(arena, [0n]) },
  }
}

/** A grant that MetaMask gives, and one that its user declines. */
async function grantAndDecline({ config }: TestWrapper) {
  const terms = { permissions: [spend], expiry: expiresIn({ days: 3 }) }
  await grantPermissions(config, { name: 'shopping', ...terms })
  await grantPermissions(config, { name: 'arena', ...terms }).catch(() => undefined)
}

function metaMask(): WorldParameters {
  let grants = 0
  return { wallet: mockWallet({ dialect: 'erc7715', chain: mockChain({ timestamp: now }), decision: () => ((grants += 1) === 1 ? 'grant' : 'reject') }) }
}

export const Closed: Story = { args: { initialIsOpen: false, world: several } }
export const Sessions: Story = { args: { world: several } }
/** What is left of each permission, and the record. */
export const ActiveSession: Story = {
  args: { world: several },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByText('shopping'))
    await canvas.findByText('43 of 50 calls left')
  },
}
/** The wallet granted something else. */
export const QuarantinedSession: Story = {
  args: { world: several },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByText('tournament'))
    await canvas.findByText('Differences')
  },
}
export const NoSessions: Story = {}
export const Timeline: Story = {
  args: { initialTab: 'timeline', world: metaMask },
  play: async ({ canvas, loaded: { World } }) => {
    await canvas.findByText(/No session has changed/)
    await grantAndDecline(World as TestWrapper)
    await canvas.findAllByText('rejected')
  },
}
export const TimelineRecords: Story = { args: { initialTab: 'timeline', world: several } }
export const Wire: Story = {
  args: { initialTab: 'wire', world: metaMask },
  play: async ({ canvas, loaded: { World } }) => {
    await canvas.findByText(/Nothing was sent/)
    await grantAndDecline(World as TestWrapper)
    await canvas.findByText('failed 4001')
  },
}
/** With the request and the answer, and without the context. */
export const WireExchange: Story = {
  args: Wire.args!,
  play: async (context) => {
    await Wire.play?.(context)
    const [, granted] = await context.canvas.findAllByText('wallet_requestExecutionPermissions')
    await context.userEvent.click(granted!)
    await context.canvas.findByText('Answer')
  },
}
export const WireEmpty: Story = { args: { initialTab: 'wire' } }
export const Check: Story = {
  args: { initialTab: 'check', world: several },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('Function'), 'transfer(address to, uint256 amount)')
    await canvas.findByLabelText('amount: uint256')
  },
}
/** An opaque grant: the chain says nothing of its limits, so the check goes by what was granted. */
const checkable = (): WorldParameters => ({ sessions: [shopping({ dialect: 'erc7715-2024' })] })
export const CheckRefused: Story = {
  args: { initialTab: 'check', world: checkable },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('To'), gold)
    await userEvent.type(canvas.getByLabelText('Function'), 'approve(address spender, uint256 amount)')
    await userEvent.type(await canvas.findByLabelText('spender: address'), mint.type === 'contract-call' ? mint.address : gold)
    await userEvent.type(canvas.getByLabelText('amount: uint256'), '1000')
    await userEvent.click(canvas.getByRole('button', { name: 'Check' }))
    await canvas.findByText('Refused')
    canvas.getByText('Refused').scrollIntoView()
  },
}
export const CheckAllowed: Story = {
  args: { initialTab: 'check', world: checkable },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('To'), gold)
    await userEvent.type(canvas.getByLabelText('Function'), 'transfer(address to, uint256 amount)')
    await userEvent.type(await canvas.findByLabelText('to: address'), gold)
    await userEvent.type(canvas.getByLabelText('amount: uint256'), '1000')
    await userEvent.click(canvas.getByRole('button', { name: 'Check' }))
    await canvas.findByText('Allowed')
    canvas.getByText('Allowed').scrollIntoView()
  },
}
/** What cannot be read of the call is said beside the field. */
export const CheckUnreadable: Story = {
  args: { initialTab: 'check', world: several },
  play: async ({ canvas, userEvent }) => {
    await userEvent.type(await canvas.findByLabelText('To'), 'gold')
    await userEvent.click(canvas.getByRole('button', { name: 'Check' }))
    await canvas.findByRole('alert')
  },
}
export const TopLeft: Story = { args: { position: 'top-left', world: several } }
export const Dark: Story = { ...ActiveSession, globals: { scheme: 'dark' } }
export const DarkWire: Story = { ...WireExchange, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...ActiveSession, globals: { direction: 'rtl' } }
export const RightToLeftTimeline: Story = { ...Timeline, globals: { direction: 'rtl' } }
