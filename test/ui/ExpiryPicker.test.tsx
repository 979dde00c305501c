// @vitest-environment happy-dom
import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, useState } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { expiresIn } from '../../src/index.js'
import { ExpiryPicker, type Expiry, type ExpiryPickerProps } from '../../src/ui/index.js'
import { toLocalInput } from '../../src/ui/expiry-picker/localInput.js'
import { day, hour, now } from '../../stories/sessionWorld.js'
import { describePart } from './conformance/describePart.js'

function show(props: Partial<ExpiryPickerProps> = {}) {
  const onValueChange = vi.fn<(value: Expiry, details: { reason: string }) => void>()
  render(
    <StrictMode>
      <ExpiryPicker max={expiresIn({ days: 3 })} now={now} onValueChange={onValueChange} {...props} />
    </StrictMode>,
  )
  return { chosen: () => onValueChange.mock.lastCall }
}
const radio = (name: string) => screen.getByRole('radio', { name })
const dateInput = () => screen.getByLabelText<HTMLInputElement>('Date and time')

test('lengths up to the longest, which is chosen at first', () => {
  show()
  expect(screen.getByRole('group', { name: 'How long' })).toBeVisible()
  expect(screen.getAllByRole('radio').map((input) => input.closest('label')?.textContent)).toEqual(['1 hour', '1 day', '3 days', 'Until a date'])
  expect(radio('3 days')).toBeChecked()
  expect(screen.getByRole('status')).toHaveTextContent(/^Ends .+ \(in 3 days\)$/)
})

test('a length is a duration', async () => {
  const { chosen } = show()
  await userEvent.click(radio('1 day'))
  expect(chosen()).toEqual([expiresIn({ days: 1 }), { reason: 'duration' }])
  expect(radio('1 day')).toBeChecked()
})

test('a date is absolute seconds, and starts at what was chosen before', async () => {
  const { chosen } = show()
  await userEvent.click(radio('1 day'))
  await userEvent.click(radio('Until a date'))
  expect(chosen()).toEqual([now + day, { reason: 'date' }])
  expect(dateInput()).toHaveValue(toLocalInput(now + day))
  fireEvent.change(dateInput(), { target: { value: toLocalInput(now + 2 * day) } })
  expect(chosen()).toEqual([now + 2 * day, { reason: 'date' }])
})

test('a date has its bounds, and one beyond them is not taken', () => {
  const { chosen } = show({ defaultValue: now + day })
  expect(dateInput()).toHaveAttribute('max', toLocalInput(now + 3 * day))
  expect(dateInput()).toHaveAttribute('min', toLocalInput(now + 300))
  fireEvent.change(dateInput(), { target: { value: toLocalInput(now + 4 * day) } })
  expect(chosen()).toBeUndefined()
  expect(dateInput()).toBeInvalid()
  expect(dateInput()).toHaveAccessibleDescription(/^Too late: choose Wed 25 Nov/)
  fireEvent.change(dateInput(), { target: { value: toLocalInput(now) } })
  expect(screen.getByRole('alert')).toHaveTextContent('Too soon')
  fireEvent.change(dateInput(), { target: { value: '' } })
  expect(screen.getByRole('alert')).toHaveTextContent('Choose a date and a time.')
  expect(chosen()).toBeUndefined()
})

test('of a maximum that is a moment, only lengths that end before it', () => {
  show({ max: now + 2 * hour, defaultValue: expiresIn({ hours: 1 }) })
  expect(screen.getAllByRole('radio').map((input) => input.closest('label')?.textContent)).toEqual(['1 hour', 'Until a date'])
})

test('an app may hold the value', async () => {
  function App() {
    const [value, setValue] = useState<Expiry>(expiresIn({ hours: 1 }))
    return <ExpiryPicker max={expiresIn({ days: 3 })} now={now} value={value} onValueChange={setValue} />
  }
  render(<App />)
  expect(radio('1 hour')).toBeChecked()
  await userEvent.click(radio('3 days'))
  expect(radio('3 days')).toBeChecked()
})

test('the arrow keys choose', async () => {
  const { chosen } = show({ defaultValue: expiresIn({ hours: 1 }) })
  radio('1 hour').focus()
  await userEvent.keyboard('{ArrowRight}')
  expect(chosen()).toEqual([expiresIn({ days: 1 }), { reason: 'duration' }])
})

test('a server renders it without a time of its own', () => {
  expect(renderToString(<ExpiryPicker max={expiresIn({ days: 3 })} />)).not.toContain('Ends')
})

describePart('ExpiryPicker', (props) => <ExpiryPicker max={expiresIn({ days: 3 })} now={now} {...props} />, { tag: 'fieldset', className: 'rsk-expiry' })
