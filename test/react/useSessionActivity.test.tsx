// @vitest-environment happy-dom
import { act, renderHook, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useSessionActivity } from '../../src/index.js'
import { createWorld, did, done, minted, paid, shopping } from '../../stories/sessionWorld.js'

const session = shopping()
const history = [did(session, 3, [minted], done), did(session, 2, [paid(1n)], done), did(session, 1, [minted], { status: 'sent' })]

function watch(parameters: Parameters<typeof useSessionActivity>[0]) {
  const other = shopping({ name: 'other' })
  const wrapper = createWorld({ sessions: [session, other], history })
  let renders = 0
  const { result } = renderHook(
    () => {
      renders += 1
      return useSessionActivity(parameters)
    },
    { wrapper },
  )
  return { result, other, config: wrapper.config, renders: () => renders }
}

test('what it did, the newest first, as many as were asked for', async () => {
  const { result } = watch({ session: 'shopping', limit: 2 })
  expect(result.current).toEqual({ loaded: false, actions: [], more: false })
  await waitFor(() => expect(result.current).toEqual({ loaded: true, actions: [history[2], history[1]], more: true }))
})

test('renders again when it is another, and not for what another session did', async () => {
  const { result, other, config, renders } = watch({ session: session.id })
  await waitFor(() => expect(result.current.actions).toHaveLength(3))
  const before = renders()
  config.sessions.histories.note(did(other, 0, [minted], done))
  config.sessions.histories.note(history[0] as never)
  const first = did(session, 0, [paid(9n)], done)
  act(() => config.sessions.histories.note(first))
  await waitFor(() => expect(result.current.actions[0]).toEqual(first))
  expect(renders()).toBe(before + 1)
})

test('no session, no history', async () => {
  const { result } = watch({ session: 'nothing' })
  await waitFor(() => expect(result.current).toEqual({ loaded: true, actions: [], more: false }))
})
