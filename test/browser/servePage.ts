import type { Page } from 'playwright-core'
import { serveFetch } from '../../src/testing/chain/serveFetch.js'
import { buildPage, fileOf } from '../harness/buildPage.js'
import type { PageSettings } from './settings.js'

export type ServedPage = {
  /** Opens the page, or opens it again; `window.kit` is there when it resolves. */
  open: (page: Page, settings: PageSettings) => Promise<void>
  close: () => Promise<void>
}

/** Serves `page.ts`. */
export async function servePage(): Promise<ServedPage> {
  const built = await buildPage(new URL('index.html', import.meta.url))
  const { url, close } = await serveFetch((request) => fileOf(built, request) ?? new Response(null, { status: 404 }))
  return {
    async open(page, settings) {
      await page.goto(`${url}?settings=${encodeURIComponent(JSON.stringify(settings))}`)
      await page.waitForFunction(() => window.kit !== undefined)
    },
    close,
  }
}
