import type { StorybookConfig } from '@storybook/react-vite'
import { apiDocs } from './apiDocs.js'
import { liveGenesis } from './liveGenesis.js'

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.mdx', '../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (vite) => ({
    ...vite,
    // Relative, so that the built pages work from any folder.
    base: './',
    // The library's own build copies its stylesheet into `dist`.
    plugins: [...(vite.plugins?.filter((plugin) => !(plugin && 'name' in plugin && plugin.name === 'styles')) ?? []), liveGenesis(), apiDocs()],
    worker: { ...vite.worker, format: 'es' },
    optimizeDeps: {
      ...vite.optimizeDeps,
      // Only the live stories' worker imports these; found late, they would have the page load again.
      include: [...(vite.optimizeDeps?.include ?? []), ...['block', 'common', 'statemanager', 'tx', 'util', 'vm'].map((name) => `@ethereumjs/${name}`)],
    },
  }),
}

export default config
