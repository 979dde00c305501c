import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { StrictMode, type ReactNode } from 'react'
import { SessionKeyDevtools, type SessionKeyDevtoolsProps } from '../../src/devtools/index.js'
import { createWorld, metadata, type WorldParameters } from '../../stories/sessionWorld.js'

/** The tools in an app of theirs, under Strict Mode. */
export function showDevtools(world: WorldParameters = {}, props: SessionKeyDevtoolsProps = {}) {
  const wrapper = createWorld(world)
  let queryClient: QueryClient | undefined
  function Client({ children }: { children: ReactNode }) {
    queryClient = useQueryClient()
    return children
  }
  const view = render(
    <StrictMode>
      <Client>
        <SessionKeyDevtools metadata={metadata} timeZone="Europe/Berlin" {...props} />
      </Client>
    </StrictMode>,
    { wrapper },
  )
  return { ...view, config: wrapper.config, queryClient: queryClient as QueryClient }
}

export const open = () => userEvent.click(screen.getByRole('button', { name: 'Session key devtools' }))
export const tab = (name: string) => userEvent.click(screen.getByRole('tab', { name }))

/** At once: letter by letter it takes its time. */
export async function fill(label: string, text: string): Promise<void> {
  const field = await screen.findByLabelText(label)
  await userEvent.clear(field)
  await userEvent.click(field)
  await userEvent.paste(text)
}
