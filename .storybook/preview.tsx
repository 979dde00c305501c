import type { Preview } from '@storybook/react-vite'
import { Markdown, Story, Title, useOf } from '@storybook/addon-docs/blocks'
import { configure } from 'storybook/test'
import '../src/ui/styles.css'
import { findApiDoc } from '../stories/docs/findApiDoc.js'
import { MemberTable } from '../stories/docs/MemberTable.js'

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 60_000 })

/** What a component is for, one of its stories, and its props; the other stories are beside it, each on a page of its own. */
function ComponentPage() {
  const { preparedMeta } = useOf('meta', ['meta'])
  const { story } = useOf('story', ['story'])
  const { docs } = preparedMeta.parameters as { docs?: { story?: { height?: string }; description?: { component?: string } } }
  const component = findApiDoc(preparedMeta.title.split('/').at(-1) ?? '')
  return (
    <>
      <Title />
      <Markdown>{component?.text ?? docs?.description?.component ?? ''}</Markdown>
      {/* No Canvas: its source panel cannot show amounts, which are bigint. */}
      <Story of={story.moduleExport} inline={false} height={docs?.story?.height ?? '320px'} />
      {component && <MemberTable title="Props" members={component.parameters} />}
    </>
  )
}

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    docs: { page: ComponentPage },
    options: { storySort: { order: ['Guides', ['Getting started', 'Recipes', 'Components', 'Theming'], 'Live', 'Components', 'Hooks'] } },
    layout: 'fullscreen',
    controls: { disableSaveFromUI: true },
    a11y: { test: 'error' },
  },
  globalTypes: {
    scheme: {
      description: 'Colours',
      toolbar: { title: 'Colours', icon: 'contrast', items: ['system', 'light', 'dark'], dynamicTitle: true },
    },
    direction: {
      description: 'Writing direction',
      toolbar: { title: 'Direction', icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
  },
  initialGlobals: { scheme: 'system', direction: 'ltr' },
  decorators: [
    (Shown, { globals }) => {
      const scheme = String(globals['scheme'])
      return (
        <div
          dir={String(globals['direction'])}
          data-rsk-scheme={scheme}
          style={{ colorScheme: scheme === 'system' ? 'light dark' : scheme, background: 'Canvas', color: 'CanvasText', minBlockSize: '100dvh', padding: 16, boxSizing: 'border-box' }}
        >
          <Shown />
        </div>
      )
    },
  ],
}

export default preview
