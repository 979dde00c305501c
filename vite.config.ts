import { copyFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Entry points by their name in package.json `exports`. */
const entries = {
  index: 'src/index.ts',
  'permissions/index': 'src/permissions/index.ts',
  'actions/index': 'src/actions/index.ts',
  'ui/index': 'src/ui/index.ts',
  'devtools/index': 'src/devtools/index.ts',
  'locales/ar/index': 'src/locales/ar/index.ts',
  'locales/es/index': 'src/locales/es/index.ts',
  'wallet/index': 'src/wallet/index.ts',
  'server/index': 'src/server/index.ts',
  'server/automation/index': 'src/server/automation/index.ts',
  'testing/index': 'src/testing/index.ts',
  'testing/chain/index': 'src/testing/chain/index.ts',
}

const src = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url))

/** The package's own names mean its source, so that tests, stories and the demo read like an app. */
export const alias = [
  { find: /^react-session-keys\/styles\.css$/, replacement: src('ui/styles.css') },
  { find: /^react-session-keys\/devtools\.css$/, replacement: src('devtools/devtools.css') },
  { find: /^react-session-keys\/(.+)$/, replacement: `${src('')}$1/index.ts` },
  { find: /^react-session-keys$/, replacement: src('index.ts') },
]

function copyStyles() {
  copyFileSync(src('ui/styles.css'), 'dist/styles.css')
  copyFileSync(src('devtools/devtools.css'), 'dist/devtools.css')
}

const chainTests = 'test/**/*.chain.test.{ts,tsx}'
const browserTests = 'test/**/*.e2e.test.ts'
/** They install a bundler when they first run. */
const bundlerTests = 'test/userOperation/**/*.chain.test.ts'
/** The bundler's own are among the tests. */
const modules = '**/node_modules/**'

export default defineConfig({
  plugins: [react(), { name: 'styles', apply: 'build', closeBundle: copyStyles }],
  resolve: { alias },
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: { entry: entries, formats: ['es'] },
    rolldownOptions: {
      // What is not ours is the app's to install and to share.
      external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
      output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js' },
    },
  },
  test: {
    restoreMocks: true,
    // A busy machine is slow, not wrong.
    expect: { poll: { timeout: 15_000 } },
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: 'test-results/vitest.json' }]] : ['default'],
    setupFiles: ['test/setup.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: [modules, chainTests, browserTests], environment: 'node', testTimeout: 30_000, hookTimeout: 30_000, maxWorkers: '100%' } },
      { extends: true, test: { name: 'chain', include: [chainTests], exclude: [modules, bundlerTests], environment: 'node', testTimeout: 30_000, hookTimeout: 30_000, maxWorkers: '100%' } },
      { extends: true, test: { name: 'bundler', include: [bundlerTests], exclude: [modules], environment: 'node', testTimeout: 30_000, hookTimeout: 600_000, maxWorkers: '100%' } },
      {
        extends: true,
        // Alone, and after the others: a browser needs the whole machine.
        test: { name: 'browser', include: [browserTests], exclude: [modules], environment: 'node', testTimeout: 120_000, hookTimeout: 60_000, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
