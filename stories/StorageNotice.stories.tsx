import type { Meta, StoryObj } from '@storybook/react-vite'
import { createMemoryStore } from '../src/index.js'
import { StorageNotice } from '../src/ui/storage-notice/StorageNotice.js'
import { createWorld, durableStore } from './sessionWorld.js'

type StoryArgs = { kept: boolean }

const meta: Meta<StoryArgs> = {
  title: 'Components/StorageNotice',
  loaders: [({ args: { kept } }) => ({ World: createWorld({ store: kept ? durableStore() : createMemoryStore() }) })],
  render: (_, { loaded: { World } }) => (
    <World>
      <StorageNotice />
    </World>
  ),
}

export default meta
type Story = StoryObj<StoryArgs>

/** A private window, or a full disk: sessions end with the page. */
export const NotKept: Story = { args: { kept: false } }
/** Nothing is to be said. */
export const Kept: Story = { args: { kept: true } }
export const Dark: Story = { ...NotKept, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { ...NotKept, globals: { direction: 'rtl' } }
