import type { Meta, StoryObj } from '@storybook/react-vite'
import { defineSession, expiresIn } from '../src/index.js'
import { mockChain, mockWallet, type MockWalletParameters } from '../src/testing/index.js'
import { GrantPermissionsButton } from '../src/ui/grant-button/GrantPermissionsButton.js'
import { createWorld, mint, now, spend } from './sessionWorld.js'

type StoryArgs = { wallet?: MockWalletParameters }

const definition = defineSession({ name: 'shopping', permissions: [mint, spend], expiry: expiresIn({ days: 3 }) })

const meta: Meta<StoryArgs> = {
  title: 'Components/GrantPermissionsButton',
  loaders: [({ args: { wallet } }) => ({ World: createWorld({ wallet: mockWallet({ chain: mockChain({ timestamp: now }), ...wallet } as MockWalletParameters) }) })],
  render: (_, { loaded: { World } }) => (
    <World>
      <GrantPermissionsButton session={definition} timeZone="Europe/Berlin" />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

const pressed: Story['play'] = async ({ canvas, userEvent }) => {
  await userEvent.click(await canvas.findByRole('button'))
}
const pressedAndRefused: Story['play'] = async (context) => {
  await pressed(context)
  await context.canvas.findByRole('alert')
}

export const Idle: Story = {}
export const Waiting: Story = { args: { wallet: { decision: 'hang' } }, play: pressed }
export const Granted: Story = {
  play: async (context) => {
    await pressed(context)
    await context.canvas.findByRole('button', { name: 'Session is on' })
  },
}
export const Declined: Story = { args: { wallet: { decision: 'reject' } }, play: pressedAndRefused }
export const GrantedSomethingElse: Story = { args: { wallet: { decision: 'broaden' } }, play: pressedAndRefused }
export const WalletCannot: Story = { args: { wallet: { dialect: 'none' } }, play: pressedAndRefused }
/** Another request is open in the wallet; it was asked again for a while. */
export const Busy: Story = { args: { wallet: busyWallet() }, play: pressedAndRefused }
export const Dark: Story = { ...Declined, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...Declined, globals: { direction: 'rtl' } }

function busyWallet(): MockWalletParameters {
  return {
    decision: () => {
      throw Object.assign(new Error('A request is in process.'), { code: -32002 })
    },
  }
}
