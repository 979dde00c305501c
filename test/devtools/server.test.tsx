// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { SessionKeyDevtools } from '../../src/devtools/index.js'
import { createWorld, shopping } from '../../stories/sessionWorld.js'

test.each(['sessions', 'timeline', 'wire', 'check'] as const)('renders where there is no browser: closed, and open on %s', (tab) => {
  expect(typeof window).toBe('undefined')
  const error = vi.spyOn(console, 'error')
  const World = createWorld({ sessions: [shopping()] })
  const html = (open: boolean) =>
    renderToString(
      <World>
        <SessionKeyDevtools initialIsOpen={open} initialTab={tab} />
      </World>,
    )
  expect(html(false)).toContain('aria-label="Session key devtools"')
  expect(html(true)).toContain('role="tabpanel"')
  expect(error).not.toHaveBeenCalled()
})
