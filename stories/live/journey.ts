import type { StoryContext } from '@storybook/react-vite'
import { expect, waitFor, within } from 'storybook/test'

type Context = Pick<StoryContext, 'canvas' | 'userEvent'>

export async function connect({ canvas, userEvent }: Context): Promise<void> {
  await userEvent.click(await canvas.findByRole('button', { name: 'Connect wallet' }))
  await canvas.findByText('2000 GOLD')
}

/** The wallet's question, on the screen. */
export async function askForSession({ canvas, userEvent }: Context): Promise<HTMLElement> {
  await userEvent.click(await canvas.findByRole('button', { name: 'Start session' }))
  return canvas.findByRole('alertdialog')
}

/** Asks, lets `look` see the question, and says yes. */
export async function startSession(context: Context, look: (question: HTMLElement) => Promise<void> = async () => undefined): Promise<void> {
  const { canvas, userEvent } = context
  const question = await askForSession(context)
  await look(question)
  const allow = within(question).getByRole('button', { name: 'Allow' })
  // It cannot be pressed before it has been seen for a moment.
  await waitFor(() => expect(allow).not.toHaveAttribute('aria-disabled', 'true'))
  await userEvent.click(allow)
  await canvas.findByText('Active')
}

/** Presses a button of the shop, and waits until the shop says what came of it. */
export async function press({ canvas, userEvent }: Context, name: string, told: string | RegExp): Promise<void> {
  const button = canvas.getByRole('button', { name })
  await userEvent.click(button)
  await waitFor(() => expect(button).toBeEnabled())
  await canvas.findByText(told)
}

/** What the card's meters say is left, in the order of the permissions. */
export async function left({ canvas }: Context, ...texts: readonly RegExp[]): Promise<void> {
  await waitFor(() => {
    const meters = canvas.getAllByRole('meter')
    expect(meters).toHaveLength(texts.length)
    for (const [index, text] of texts.entries()) expect(meters[index]).toHaveAttribute('aria-valuetext', expect.stringMatching(text))
  })
}

export async function endSession({ canvas, userEvent }: Context): Promise<void> {
  await userEvent.click(canvas.getByRole('button', { name: 'End session' }))
  await userEvent.click(canvas.getByRole('button', { name: 'End it' }))
  await canvas.findByText('It was ended here. The chain refuses its key.')
}
