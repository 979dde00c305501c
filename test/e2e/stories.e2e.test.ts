/**
 * Every story in a real browser, as Storybook publishes it: nothing complains, axe finds nothing, and at 320 px nothing has to be
 * scrolled sideways, written in either direction. Nothing leaves the machine, and only a live story loads a chain.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as main from '../../src/index.js'
import * as ui from '../../src/ui/index.js'
import { findBrowser } from '../../scripts/browser.mjs'
import { serveStories } from './serveStories.js'

declare global {
  interface Window {
    axe: typeof axe
    __STORYBOOK_ADDONS_CHANNEL__?: { emit: (event: string, payload: unknown) => void }
    __STORYBOOK_PREVIEW__?: { storyRenders: { id: string; phase?: string }[] }
  }
}

const screenshots = fileURLToPath(new URL('../../test-results/screenshots/stories/', import.meta.url))
mkdirSync(screenshots, { recursive: true })
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// Served before the tests are named: each story is one.
const storybook = await serveStories()
let browser: Browser
beforeAll(async () => {
  const { executablePath, args } = await findBrowser()
  browser = await chromium.launch({ executablePath, args })
})
afterAll(async () => {
  await browser?.close()
  await storybook.close()
})

/** Pages that wait for the next story, the next page of words. */
const free: Opened[] = []
const freeForDocs: Opened[] = []

const named = storybook.stories.map((story) => ({ ...story, story: `${story.title.split('/').at(-1)}: ${story.name}` }))

// A few at once: most of a page's time goes into waiting.
test.concurrent.for(named)('$story', async ({ id, title }, { expect, onTestFinished, task }) => {
  const isLive = title.startsWith('Live/')
  // A keyboard begins where the focus is, and that is another place where another story has been before.
  const isFresh = isLive || /keyboard|escape/.test(id)
  const { page, complaints, requests, phase, close, leave } = await openStory(id, { width: 320, height: 720 }, isFresh ? [] : free)
  onTestFinished(() => (isFresh || task.result?.state === 'fail' ? close() : leave()))
  expect({ phase, complaints }).toEqual({ phase: 'finished', complaints: [] })
  expect(requests.filter(isElsewhere)).toEqual([])
  expect(requests.flatMap((url) => /(chainWorker|genesis)-[^/]*$/.exec(url)?.[1] ?? [])).toEqual(isLive ? ['chainWorker', 'genesis'] : [])
  expect(await overflow(page), 'at 320 px').toEqual([])
  await picture(page, `${id}-320`)
  await write(page, 'rtl')
  expect(await overflow(page), 'at 320 px, from right to left').toEqual([])
  await picture(page, `${id}-320-rtl`)
  await write(page, 'ltr')

  await page.setViewportSize({ width: 800, height: 720 })
  expect(await violations(page), 'light').toEqual([])
  await picture(page, id)
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, ['color-contrast']), 'dark').toEqual([])
  await picture(page, `${id}-dark`)
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' })
  await picture(page, `${id}-forced`)
  expect(complaints).toEqual([])
})

test('a live story that is left takes its chain with it', async ({ onTestFinished }) => {
  const { page, complaints, close } = await openStory('live-swordshop--open', { width: 800, height: 720 })
  onTestFinished(close)
  expect(page.workers()).toHaveLength(1)
  await page.evaluate((storyId) => window.__STORYBOOK_ADDONS_CHANNEL__?.emit('setCurrentStory', { storyId, viewMode: 'story' }), 'components-usagemeter--within')
  await page.getByRole('meter').waitFor()
  await expect.poll(() => page.workers().length).toBe(0)
  expect(complaints).toEqual([])
})

test.concurrent.for(storybook.docs)('the page $title is there, and says something', async ({ id, title }, { expect, onTestFinished, task }) => {
  const { page, complaints, requests, close, leave } = await takePage({ id, viewMode: 'docs' }, { width: 1000, height: 900 }, freeForDocs)
  onTestFinished(() => (task.result?.state === 'fail' ? close() : leave()))
  await page.locator('#storybook-docs h1:not([data-left])').first().waitFor()
  if (title.startsWith('Hooks/')) expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(title.split('/').at(-1))
  await expect.poll(async () => (await page.locator('#storybook-docs').innerText()).length).toBeGreaterThan(100)
  expect(requests.filter(isElsewhere)).toEqual([])
  expect(complaints).toEqual([])
  await picture(page, id, { fullPage: true })
})

test('each hook has a page, and so has each component', () => {
  const pages = (of: string) => storybook.docs.flatMap(({ title }) => (title.startsWith(`${of}/`) ? [title.slice(of.length + 1)] : [])).sort()
  expect(pages('Hooks')).toEqual(Object.keys({ ...main, ...ui }).filter((name) => /^use[A-Z]/.test(name)).sort())
  expect(pages('Components')).toEqual(
    expect.arrayContaining(['GrantPermissionsButton', 'GrantDifference', 'GrantMismatch', 'PermissionConsentDialog', 'PermissionList', 'SessionKeyCard', 'SessionKeyList', 'StorageNotice', 'UsageMeter', 'ExpiryPicker']),
  )
})

test('Locales: in Arabic, amounts, addresses and names of functions stand as they do in English', async ({ onTestFinished }) => {
  const { page, close } = await openStory('components-locales--risky-consent-in-arabic', { width: 800, height: 720 })
  onTestFinished(close)
  const pieces = await page.evaluate(() => {
    const texts = document.createTreeWalker(document.querySelector('dialog') as HTMLElement, NodeFilter.SHOW_TEXT)
    const found: { piece: string; onOneLine: boolean; leftToRight: boolean }[] = []
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      for (const { 0: piece, index } of (node.nodeValue ?? '').matchAll(/0x\w{4}…\w{4}|\d[\d,.]* [A-Z]{3,}|_forge/g)) {
        const boxes = Array.from(piece, (_, at) => {
          const range = document.createRange()
          range.setStart(node, index + at)
          range.setEnd(node, index + at + 1)
          return range.getBoundingClientRect()
        })
        const onOneLine = new Set(boxes.map(({ top }) => Math.round(top))).size === 1
        found.push({ piece, onOneLine, leftToRight: boxes.every(({ left }, at) => at === 0 || left >= (boxes[at - 1]?.left ?? 0)) })
      }
    }
    return found
  })
  const whole = pieces.filter(({ onOneLine }) => onOneLine)
  expect([/^0x/, / ETH$/, / GOLD$/, /^_forge$/].map((kind) => whole.some(({ piece }) => kind.test(piece)))).toEqual([true, true, true, true])
  expect(whole.filter(({ leftToRight }) => !leftToRight)).toEqual([])
})

/** In which direction the page, and the story in it, are written. */
function write(page: Page, direction: 'ltr' | 'rtl') {
  return page.evaluate((given) => {
    for (const element of [document.documentElement, document.querySelector('[data-rsk-scheme]')]) element?.setAttribute('dir', given)
  }, direction)
}

/** Nothing that a page shows may come from anywhere but where it came from. */
function isElsewhere(url: string): boolean {
  return /^(https?|wss?):/.test(url) && !url.startsWith(storybook.url)
}

/** For eyes alone: nobody looks where nobody is. */
async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (!process.env['CI']) await page.screenshot({ ...options, path: `${screenshots}${name}.png` })
}

type Size = { width: number; height: number }

async function openPage() {
  const context = await browser.newContext({ timezoneId: 'Europe/Berlin', locale: 'en-GB', reducedMotion: 'reduce' })
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  const requests: string[] = []
  context.on('request', (request) => requests.push(request.url()))
  const page = await context.newPage()
  // The moment that the stories play in; timers run as always.
  await page.clock.setFixedTime(new Date('2026-11-22T17:00:00Z'))
  return { page, complaints, requests, close: () => context.close() }
}

type Opened = Awaited<ReturnType<typeof openPage>>

/** Goes to a story as a reader does: from another one, where a page is free. What the last one left behind is a complaint too. */
async function takePage(wanted: { id: string; viewMode: 'story' | 'docs' }, viewport: Size, free: Opened[]): Promise<Opened & { leave: () => void }> {
  const left = free.pop()
  const opened = left ?? (await openPage())
  const { page } = opened
  opened.requests.length = 0
  await page.setViewportSize(viewport)
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' })
  if (left) {
    await page.evaluate(({ id, viewMode }) => {
      for (const heading of document.querySelectorAll('h1')) heading.setAttribute('data-left', '')
      window.__STORYBOOK_ADDONS_CHANNEL__?.emit('setCurrentStory', { storyId: id, viewMode })
    }, wanted)
  } else {
    await page.goto(`${storybook.url}iframe.html?viewMode=${wanted.viewMode}&id=${wanted.id}`)
  }
  return { ...opened, leave: () => void free.push(opened) }
}

async function openStory(id: string, viewport: Size, free: Opened[] = []) {
  const opened = await takePage({ id, viewMode: 'story' }, viewport, free)
  const { page } = opened
  await page.waitForFunction((wanted) => window.__STORYBOOK_PREVIEW__?.storyRenders.some(({ id, phase }) => id === wanted && ['finished', 'errored', 'aborted'].includes(phase ?? '')), id, { timeout: 100_000 })
  const phase = await page.evaluate((wanted) => window.__STORYBOOK_PREVIEW__?.storyRenders.find(({ id }) => id === wanted)?.phase, id)
  return { ...opened, phase }
}

/** What stands beyond the edge of the window, and so makes the page wider than it; and what the consent's buttons stand on. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const content = document.querySelector('.rsk-consent-content')?.getBoundingClientRect()
    const actions = document.querySelector('.rsk-consent-actions')?.getBoundingClientRect()
    if (content && actions && actions.top < content.bottom - 1) return ['the buttons cover what is asked']
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const outside = [...document.querySelectorAll('[class*="rsk-"]')].filter((element) => {
      const { left, right } = element.getBoundingClientRect()
      return left < -1 || right > clientWidth + 1
    })
    return [`the page is ${scrollWidth} wide in ${clientWidth}`, ...outside.map((element) => element.className)]
  })
}

async function violations(page: Page, only?: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource)
  return page.evaluate(async (chosen) => {
    // A story is a piece of a page: it has no landmarks and no first heading of its own.
    const { violations } = await window.axe.run(document, {
      ...(chosen && { runOnly: chosen }),
      rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false }, 'page-has-heading-one': { enabled: false } },
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`))
  }, only)
}
