import type { StorybookConfig } from '@storybook/react-vite'

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (vite) => ({
    ...vite,
    // Relative, so that the built pages work from any folder.
    base: './',
    // The library's own build copies its stylesheet into `dist`.
    plugins: vite.plugins?.filter((plugin) => !(plugin && 'name' in plugin && plugin.name === 'styles')),
  }),
}

export default config
