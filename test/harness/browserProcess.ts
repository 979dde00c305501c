import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import type { Browser } from '../../scripts/browser.mjs'
import { killWithParent } from '../../src/testing/chain/killWithParent.js'
import { killProcessGroup } from './processGroup.js'

export type BrowserProcess = {
  /** What the profile holds: its cookies, its storage. */
  context: BrowserContext
  /** Opens the harness's page in a new tab and waits until it is connected. */
  open(url: string): Promise<Page>
  /** SIGKILL to the whole process group: nothing is flushed, nobody is told. Resolves when every process is gone. */
  kill(): Promise<void>
}

/** A real browser, as a process of its own that can be killed, on a profile that outlives it. */
export async function startBrowser({ executablePath, args }: Browser, profile: string): Promise<BrowserProcess> {
  const child = spawn(executablePath, [...args, ...plain, `--user-data-dir=${profile}`, 'about:blank'], {
    // A process group of its own, so that all of it can be killed at once.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const letGo = killWithParent(child)
  try {
    const browser = await chromium.connectOverCDP(await debuggerUrl(child))
    const [context] = browser.contexts()
    if (!context) throw new Error('The browser has no profile open.')
    return {
      context,
      open: (url) => openHarness(context, url),
      async kill() {
        await killProcessGroup(child)
        letGo()
        await browser.close()
      },
    }
  } catch (error) {
    await killProcessGroup(child)
    letGo()
    throw error
  }
}

const plain = ['--headless', '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--remote-debugging-port=0']

/** @param use gets a new profile; it is deleted afterwards */
export async function withProfile<result>(use: (profile: string) => Promise<result>): Promise<result> {
  const profile = await mkdtemp(join(tmpdir(), 'react-session-keys-'))
  try {
    return await use(profile)
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Opens the harness's page in a new tab and waits until it is connected. */
export async function openHarness(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await visitHarness(page, url)
  return page
}

/** Opens it in this tab, and waits until it is connected. */
export async function visitHarness(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForFunction(() => window.harness !== undefined || window.harnessFailure !== undefined)
  const failure = await page.evaluate(() => window.harnessFailure)
  if (failure !== undefined) throw new Error(`The harness's page did not start: ${failure}`)
}

function debuggerUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += said.length < 10_000 ? chunk : ''
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
      if (url) resolve(url)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The browser ended with ${code} before it could be driven: ${said}`)))
  })
}
