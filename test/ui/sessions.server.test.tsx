// @vitest-environment node
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import { ExpiryPicker, GrantPermissionsButton, SessionKeyCard, SessionKeyList } from '../../src/ui/index.js'
import { expiresIn } from '../../src/index.js'
import { createWorld, mint, shopping } from '../../stories/sessionWorld.js'

test('renders where there is no browser, and says what is not known there', () => {
  expect(typeof window).toBe('undefined')
  const error = vi.spyOn(console, 'error')
  const World = createWorld({ sessions: [shopping()] })
  const html = renderToString(
    <World>
      <SessionKeyCard session="shopping" />
      <SessionKeyList />
      <GrantPermissionsButton session={{ permissions: [mint], expiry: expiresIn({ days: 1 }) }} />
      <ExpiryPicker max={expiresIn({ days: 3 })} />
    </World>,
  )
  expect(html).toContain('Your sessions are being read.')
  expect(html).toContain('Start session')
  expect(html).not.toMatch(/Ends |\d\d:\d\d/)
  expect(error).not.toHaveBeenCalled()
})
