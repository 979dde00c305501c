import type { Preview } from '@storybook/react-vite'
import '../src/ui/styles.css'

const preview: Preview = {
  parameters: {
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
