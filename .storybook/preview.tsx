import type { Preview } from '@storybook/react-vite'
import type { ComponentType } from 'react'
import { ArgTypes, Markdown, Story, Title, useOf } from '@storybook/addon-docs/blocks'
import '../src/ui/styles.css'

/** What a component is for, one of its stories, and its props; the other stories are beside it, each on a page of its own. */
function ComponentPage() {
  const { preparedMeta } = useOf('meta', ['meta'])
  const { story } = useOf('story', ['story'])
  const { shows, docs } = preparedMeta.parameters as { shows?: DocumentedComponent; docs?: { story?: { height?: string } } }
  return (
    <>
      <Title />
      <Markdown>{shows?.__docgenInfo?.description ?? preparedMeta.parameters['docs']?.description?.component ?? ''}</Markdown>
      {/* No Canvas: its source panel cannot show amounts, which are bigint. */}
      <Story of={story.moduleExport} inline={false} height={docs?.story?.height ?? '320px'} />
      {shows && <ArgTypes of={shows} />}
    </>
  )
}

/** What react-docgen leaves on a component. */
type DocumentedComponent = ComponentType<never> & { __docgenInfo?: { description?: string } }

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
