import type { Preview } from '@storybook/react-vite'
import { Controls, Description, Primary, Title } from '@storybook/addon-docs/blocks'
import '../src/ui/styles.css'

/** One story with its props; the others are beside it, each on a page of its own. */
function ComponentPage() {
  return (
    <>
      <Title />
      <Description of="meta" />
      <Primary />
      <Controls />
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
    (Story, { globals }) => {
      const scheme = String(globals['scheme'])
      return (
        <div
          dir={String(globals['direction'])}
          data-rsk-scheme={scheme}
          style={{ colorScheme: scheme === 'system' ? 'light dark' : scheme, background: 'Canvas', color: 'CanvasText', minBlockSize: '100dvh', padding: 16, boxSizing: 'border-box' }}
        >
          <Story />
        </div>
      )
    },
  ],
}

export default preview
