import type { Meta, StoryObj } from '@storybook/react-vite'
import { expiresIn } from '../src/permissions/expiry.js'
import { ExpiryPicker } from '../src/ui/expiry-picker/ExpiryPicker.js'
import { day, hour, now } from './sessionWorld.js'

const meta: Meta<typeof ExpiryPicker> = {
  title: 'Components/ExpiryPicker',
  component: ExpiryPicker,
  args: { max: expiresIn({ days: 30 }), now },
}

export default meta
type Story = StoryObj<typeof ExpiryPicker>

/** The longest is chosen until something else is. */
export const Durations: Story = {}
export const ThreeDaysAtMost: Story = { args: { max: expiresIn({ days: 3 }), defaultValue: expiresIn({ hours: 1 }) } }
export const UntilADate: Story = { args: { max: now + 30 * day, defaultValue: now + 2 * day } }
export const TooLate: Story = { args: { max: now + day, defaultValue: now + day + hour } }
export const Dark: Story = { args: UntilADate.args ?? {}, globals: { scheme: 'dark' } }
export const RightToLeft: Story = { args: UntilADate.args ?? {}, globals: { direction: 'rtl' } }
