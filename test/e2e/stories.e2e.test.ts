/**
 * Every story in a real browser, as Storybook publishes it: nothing complains, axe finds nothing, and at 320 px nothing has to be
 * scrolled sideways.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { serveStories } from './serveStories.js'

declare global {
  interface Window {
    axe: typeof axe
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

test.each(storybook.stories.map((story) => ({ ...story, story: `${story.title.split('/').at(-1)}: ${story.name}` })))('$story', async ({ id }) => {
  const { page, complaints } = await openStory(id, { width: 320, height: 720 })
  expect(await overflow(page)).toEqual([])
  await page.screenshot({ path: `${screenshots}${id}-320.png` })

  await page.setViewportSize({ width: 800, height: 720 })
  expect(await violations(page)).toEqual([])
  await page.screenshot({ path: `${screenshots}${id}.png` })
  expect(complaints).toEqual([])
})

test('Locales: in Arabic, amounts, addresses and names of functions stand as they do in English', async () => {
  const { page } = await openStory('components-locales--risky-consent-in-arabic', { width: 800, height: 720 })
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

async function openStory(id: string, viewport: { width: number; height: number }) {
  const context = await browser.newContext({ viewport, timezoneId: 'Europe/Berlin', locale: 'en-GB', reducedMotion: 'reduce' })
  onTestFinished(() => context.close())
  const complaints: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  const page = await context.newPage()
  // The moment that the stories play in; timers run as always.
  await page.clock.setFixedTime(new Date('2026-11-22T17:00:00Z'))
  await page.goto(`${storybook.url}iframe.html?viewMode=story&id=${id}`)
  await page.waitForFunction((wanted) => window.__STORYBOOK_PREVIEW__?.storyRenders.some(({ id, phase }) => id === wanted && ['finished', 'errored', 'aborted'].includes(phase ?? '')), id)
  const phase = await page.evaluate(() => window.__STORYBOOK_PREVIEW__?.storyRenders.at(-1)?.phase)
  expect({ phase, complaints }).toEqual({ phase: 'finished', complaints: [] })
  return { page, complaints }
}

/** What stands beyond the edge of the window, and so makes the page wider than it. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const outside = [...document.querySelectorAll('[class*="rsk-"]')].filter((element) => {
      const { left, right } = element.getBoundingClientRect()
      return left < -1 || right > clientWidth + 1
    })
    return [`the page is ${scrollWidth} wide in ${clientWidth}`, ...outside.map((element) => element.className)]
  })
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    // A story is a piece of a page: it has no landmarks and no first heading of its own.
    const { violations } = await window.axe.run(document, {
      rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false }, 'page-has-heading-one': { enabled: false } },
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`))
  })
}
