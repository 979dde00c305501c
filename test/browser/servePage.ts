import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { createServer } from 'vite'
import { alias } from '../../vite.config.js'
import type { PageSettings } from './settings.js'

export type ServedPage = {
  /** Opens the page, or opens it again; `window.kit` is there when it resolves. */
  open: (page: Page, settings: PageSettings) => Promise<void>
  close: () => Promise<void>
}

/** Serves `page.ts`, compiled as it is asked for. */
export async function servePage(): Promise<ServedPage> {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    clearScreen: false,
    root: at('.'),
    cacheDir: at('../../node_modules/.vite/browser'),
    resolve: { alias },
    // The page stays as it was opened.
    server: { host: '127.0.0.1', port: 0, watch: null, hmr: false, ws: false },
    optimizeDeps: { entries: ['index.html'] },
  })
  await server.listen()
  const origin = server.resolvedUrls?.local[0] as string
  return {
    async open(page, settings) {
      await page.goto(`${origin}?settings=${encodeURIComponent(JSON.stringify(settings))}`)
      await page.waitForFunction(() => window.kit !== undefined)
    },
    close: () => server.close(),
  }
}
