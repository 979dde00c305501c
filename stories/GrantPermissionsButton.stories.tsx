import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { numberToHex } from 'viem'
import { defineSession, expiresIn } from '../src/index.js'
import { mockChain, mockWallet, type MockWalletParameters } from '../src/testing/index.js'
import { GrantPermissionsButton } from '../src/ui/grant-button/GrantPermissionsButton.js'
import { createWorld, mint, now, spend } from './sessionWorld.js'

type StoryArgs = {
  wallet?: MockWalletParameters
  /** What the wallet says in place of its own answer. */
  answers?: { readonly [method: string]: () => unknown }
}

const definition = defineSession({ name: 'shopping', permissions: [mint, spend], expiry: expiresIn({ days: 3 }) })

const meta: Meta<StoryArgs> = {
  title: 'Components/GrantPermissionsButton',
  loaders: [({ args: { wallet, answers = {} } }) => ({ World: createWorld({ wallet: walletThat(answers, wallet) }) })],
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
/** A locked wallet, which does not even say what it can: after ten seconds nobody waits for it any more. */
export const DoesNotAnswer: Story = {
  args: { answers: { wallet_getSupportedExecutionPermissions: () => new Promise<never>(() => undefined) } },
  play: async (context) => {
    await pressed(context)
    await expect(await context.canvas.findByRole('alert')).toHaveTextContent('Your wallet did not answer.')
  },
}
/** One that does not name the chain in its requests, and is on another. */
export const WrongNetwork: Story = {
  args: { wallet: { dialect: 'erc7715-2024' }, answers: { eth_chainId: () => numberToHex(1) } },
  play: async (context) => {
    await pressedAndRefused(context)
    await expect(context.canvas.getByRole('alert')).toHaveTextContent('Your wallet is on another network. Switch it to Mock chain, then try again.')
  },
}
export const WrongAccount: Story = {
  args: { wallet: { dialect: 'erc7715-2024' }, answers: { eth_accounts: () => ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8'] } },
  play: pressedAndRefused,
}
/** No pointer: Tab to the button, Enter. It keeps the focus. */
export const ByKeyboard: Story = {
  play: async ({ canvas, userEvent }) => {
    const button = await canvas.findByRole('button', { name: 'Start session' })
    await userEvent.tab()
    await expect(button).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(await canvas.findByRole('button', { name: 'Session is on' })).toHaveFocus()
  },
}
export const Dark: Story = { ...Declined, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...Declined, globals: { direction: 'rtl' } }

function busyWallet(): MockWalletParameters {
  return {
    decision: () => {
      throw Object.assign(new Error('A request is in process.'), { code: -32002 })
    },
  }
}

function walletThat(answers: NonNullable<StoryArgs['answers']>, given?: MockWalletParameters) {
  const wallet = mockWallet({ chain: mockChain({ timestamp: now }), ...given } as MockWalletParameters)
  const { request } = wallet.provider
  wallet.provider.request = async (call) => (answers[call.method] ?? (() => request(call)))()
  return wallet
}
