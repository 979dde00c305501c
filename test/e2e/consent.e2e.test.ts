/** The consent in a real browser: the keyboard alone, what covers it, and how each state looks. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { buildPage, fileOf } from '../harness/buildPage.js'

const screenshots = fileURLToPath(new URL('../../test-results/screenshots/', import.meta.url))
mkdirSync(screenshots, { recursive: true })

let server: ServedFetch
let browser: Browser
beforeAll(async () => {
  const { executablePath, args } = await findBrowser()
  const page = await buildPage(new URL('../browser/consent.html', import.meta.url))
  server = await serveFetch((request) => fileOf(page, request) ?? new Response(null, { status: 404 }))
  browser = await chromium.launch({ executablePath, args })
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

async function open(story: string, { width = 900, height = 900 } = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } })
  onTestFinished(() => page.close())
  await page.goto(`${server.url}/consent.html?story=${story}`)
  await page.waitForFunction(() => window.show !== undefined)
  await page.evaluate(() => {
    const opener = document.createElement('button')
    opener.id = 'opener'
    document.body.append(opener)
    opener.focus()
  })
  await page.evaluate(() => window.show())
  await page.getByRole('alertdialog').waitFor()
  return page
}

const answers = (page: Page) => page.evaluate(() => window.answers)
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent)
const armed = (page: Page) => page.locator('.rsk-button-primary:not([aria-disabled])').waitFor()

async function tabTo(page: Page, name: string) {
  for (let presses = 0; presses < 30 && (await focused(page)) !== name; presses += 1) await page.keyboard.press('Tab')
  expect(await focused(page)).toBe(name)
}

test('with the keyboard alone: it begins on Reject, and Enter allows only on Allow', async () => {
  const page = await open('SwordShop')
  expect(await focused(page)).toBe('Reject')
  await armed(page)
  await tabTo(page, 'Allow')
  await page.keyboard.press('Enter')
  expect(await answers(page)).toEqual(['approved'])
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('opener')
})

test('with the keyboard alone: Enter at once rejects, Escape rejects, and the page behind cannot be reached', async () => {
  const page = await open('SwordShop')
  await page.keyboard.press('Enter')
  expect(await answers(page)).toEqual(['reject-press'])
  await page.evaluate(() => window.show())
  await page.getByRole('alertdialog').waitFor()
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.id)).not.toBe('opener')
  }
  await page.keyboard.press('Escape')
  expect(await answers(page)).toEqual(['reject-press', 'escape-key'])
})

test('a dangerous request needs every tick, by the keyboard too', async () => {
  const page = await open('DangerousWithTicks')
  const allow = page.getByRole('button', { name: 'Allow', exact: true })
  const ticks = page.getByRole('checkbox', { name: 'I understand this and want to allow it' })
  expect(await ticks.count()).toBe(4)
  for (let index = 0; index < 4; index += 1) {
    await allow.press('Enter')
    expect(await answers(page)).toEqual([])
    await ticks.nth(index).press('Space')
  }
  await armed(page)
  await allow.press('Enter')
  expect(await answers(page)).toEqual(['approved'])
})

test('something that lies over the dialog keeps it from being allowed', async () => {
  const page = await open('SwordShop')
  await armed(page)
  await page.evaluate(() => {
    const bait = document.createElement('div')
    bait.id = 'bait'
    bait.popover = 'manual'
    bait.textContent = 'You have won'
    bait.style.cssText = 'position: fixed; inset: 0; inline-size: 100vw; block-size: 100vh; pointer-events: none; opacity: 0.9; margin: 0'
    document.querySelector('dialog')?.append(bait)
    bait.showPopover()
  })
  await page.locator('.rsk-button-primary[aria-disabled]').waitFor()
  await expect.poll(() => page.getByRole('alertdialog').innerText()).toContain('Something covers this question.')
  await page.getByRole('button', { name: 'Allow', exact: true }).press('Enter')
  expect(await answers(page)).toEqual([])
  await page.evaluate(() => document.getElementById('bait')?.remove())
  await armed(page)
  await page.getByRole('button', { name: 'Allow', exact: true }).press('Enter')
  expect(await answers(page)).toEqual(['approved'])
})

const states = ['Adjusted', 'AdjustedTooHigh', 'OptionalUnticked', 'ChangedAgainstExisting', 'DangerousWithTicks', 'FiatWorstCase', 'Descriptors', 'TenPermissions', 'LongNames', 'AdjustableDark', 'AdjustableRightToLeft']
test.each([...states.map((story) => [story, 900] as const), ['Adjusted', 320], ['DangerousWithTicks', 320], ['LongNames', 320]] as const)('%s at %i pixels fits', async (story, width) => {
  const page = await open(story, { width, height: 900 })
  await page.screenshot({ path: `${screenshots}consent-${story}-${width}.png` })
  const spills = await page.evaluate(() => {
    const content = document.querySelector('.rsk-consent-content') as HTMLElement
    return { page: document.documentElement.scrollWidth > innerWidth, content: content.scrollWidth > content.clientWidth }
  })
  expect(spills).toEqual({ page: false, content: false })
})
