/** The stories of the consent in a page of their own, for tests that drive a browser: `?story=Adjusted`. */
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { userEvent } from 'storybook/test'
import '../../src/ui/styles.css'
import { PermissionConsentView, type PermissionConsentViewProps } from '../../src/ui/index.js'
import * as stories from '../../stories/PermissionConsentDialog.stories.js'

declare global {
  interface Window {
    /** What the dialog was answered. */
    answers: string[]
    /** Shows the story's dialog; its `play` is done when this resolves. */
    show: () => Promise<void>
  }
}

type OneStory = { args?: Partial<PermissionConsentViewProps>; globals?: Record<string, string>; play?: (context: { canvasElement: HTMLElement; userEvent: ReturnType<typeof userEvent.setup> }) => Promise<void> }

const parameters = new URLSearchParams(location.search)
const story = (stories as unknown as Record<string, OneStory>)[parameters.get('story') ?? ''] ?? {}
const root = document.getElementById('root') as HTMLElement
root.dir = story.globals?.['direction'] ?? 'ltr'
root.dataset['rskScheme'] = story.globals?.['scheme'] ?? 'light'
window.answers = []

window.show = async () => {
  const react = createRoot(root)
  const done = (answer: string) => {
    window.answers.push(answer)
    react.unmount()
  }
  const props = {
    ...stories.default.args,
    ...story.args,
    onApprove: (terms) => done(terms ? `lowered to ${terms.permissions.length}` : 'approved'),
    onReject: (reason) => done(reason),
  } as PermissionConsentViewProps
  react.render(createElement(PermissionConsentView, props))
  while (!document.querySelector('dialog[open]')) await new Promise((resolve) => requestAnimationFrame(resolve))
  await story.play?.({ canvasElement: root, userEvent: userEvent.setup() })
}
