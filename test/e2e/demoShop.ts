import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page, Request } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

const screenshots = fileURLToPath(new URL('../../test-results/screenshots/', import.meta.url))
mkdirSync(screenshots, { recursive: true })

// ---- The demo as a program

export type Demo = { child: ChildProcess; url: string }

/** What `npm run demo` starts, on a port of its own. */
export async function startDemo(): Promise<Demo> {
  const child = spawnDemo(['--port', '0'])
  let output = ''
  let complaint = ''
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk))
  for await (const chunk of child.stdout!) {
    output += chunk
    const url = /^Demo: (http:\/\/127\.0\.0\.1:\d+\/)\n$/.exec(output)?.[1]
    if (!url) continue
    child.stdout!.resume()
    return { child, url }
  }
  throw new Error(`The demo printed no URL. ${output} ${complaint}`)
}

export function spawnDemo(args: string[]): ChildProcess {
  const script = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url))
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PORT: '' } })
}

// ---- The player

/** A new player in a browser of their own. What the page complains of fails the test. */
export async function openPlayer({ demo, browser, ...options }: { demo: Demo; browser: Browser } & Parameters<Browser['newContext']>[0]) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Berlin', locale: 'en-GB', ...options })
  const complaints: string[] = []
  const relayed: string[] = []
  context.on('console', (message) => {
    // The browser itself says so of each call that the relay refuses, which is what some tests are about.
    if (/^Failed to load resource: .* status of 4(09|22|29) /.test(message.text())) return
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`))
  context.on('requestfailed', (request) => {
    // A page that is left takes its requests with it.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`)
  })
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(demo.url).origin) complaints.push(`elsewhere: ${request.url()}`)
    if (isSend(request)) relayed.push(request.postData() ?? '')
  })
  const page = await context.newPage()
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await page.screenshot({ path: `${screenshots}failed-${task.id}.png`, fullPage: true })
    await context.close()
    expect(complaints).toEqual([])
  })
  await page.goto(demo.url)
  await page.getByText('2000 GOLD', { exact: true }).waitFor()
  return { page, context, relayed: () => relayed, shot: (name: string) => stillPicture(page, name) }
}

/** Something that the relay is asked to bring on-chain. */
export const isSend = (request: Request) => new URL(request.url()).pathname === '/relay/rpc' && Boolean(request.postData()?.includes('relayer_sendTransaction'))

export async function stillPicture(page: Page, name: string) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => undefined))))
  await page.screenshot({ path: `${screenshots}${name}.png`, fullPage: !(await page.getByRole('alertdialog').isVisible()) })
}

const looks = [
  ['phone', { width: 320, height: 700 }, 'light'],
  ['phone-dark', { width: 320, height: 700 }, 'dark'],
  ['desk', { width: 1280, height: 900 }, 'light'],
  ['desk-dark', { width: 1280, height: 900 }, 'dark'],
] as const

/** A picture of each, and none of them scrolls sideways. */
export async function expectToFit(page: Page, name: string) {
  for (const [look, viewport, colorScheme] of looks) {
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme })
    await stillPicture(page, `${name}-${look}`)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), look).toBe(true)
  }
}

export async function allow(page: Page) {
  await page.getByRole('alertdialog').getByRole('button', { name: 'Allow', exact: true }).click()
}

export async function outcome(page: Page, text: string | RegExp) {
  await page.getByTestId('outcome').filter({ hasText: text }).waitFor()
}
