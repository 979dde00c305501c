import type { Page } from 'playwright-core'
import type { Browser } from '../scripts/browser.mjs'
import { startBrowser, withProfile } from '../test/harness/browserProcess.js'
import { startHarness } from '../test/harness/startHarness.js'
import { counted, measured, type Figure } from './figure.js'

const stored = [
  { sessions: 10, accounts: 1, perAccount: 10 },
  { sessions: 1_000, accounts: 20, perAccount: 50 },
  { sessions: 10_000, accounts: 100, perAccount: 100 },
]
const storeRounds = 50
const grants = 9

/** In real Chromium: the store, the consent, a grant, and how often an action renders what shows the session. */
export async function browserFigures(found: Browser): Promise<Figure[]> {
  const harness = await startHarness()
  try {
    return await withProfile(async (profile) => {
      const browser = await startBrowser(found, profile)
      try {
        const page = await browser.open(harness.url)
        return [...(await storeTimes(page, (name) => browser.open(`${harness.url}?store=${name}`))), ...(await grantTimes(page)), ...(await renders(page)), await consentTime(await browser.open(`${harness.url}?wallet=embedded&store=consent`))]
      } finally {
        await browser.kill()
      }
    })
  } finally {
    await harness.stop()
  }
}

async function storeTimes(page: Page, open: (store: string) => Promise<Page>): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { sessions, accounts, perAccount } of stored) {
    const name = `bench-${sessions}`
    await page.evaluate((given) => window.harness.writeThousands(given.name, given), { name, accounts, perAccount })
    const opened = await open(name)
    // Waits for the layout of today, which is not what is measured.
    await opened.waitForFunction(() => document.querySelector('[data-testid=status]')?.textContent === 'active', undefined, { timeout: 120_000 })
    await opened.close()
    const { active, firstPage } = await page.evaluate((given) => window.harness.timeStore(given.name, given.rounds, given.perPage), { name, rounds: storeRounds, perPage: Math.min(50, perAccount) })
    figures.push(measured(`store.active.${sessions}`, 'ms', active), measured(`store.firstPage.${sessions}`, 'ms', firstPage))
  }
  return figures
}

/** A grant, and what of it is the wallet's own time. */
async function grantTimes(page: Page): Promise<Figure[]> {
  const own: number[] = []
  for (let run = 0; run <= grants; run += 1) {
    const ms = await page.evaluate(async (name) => {
      performance.clearResourceTimings()
      const begun = performance.now()
      await window.harness.grant(name)
      const total = performance.now() - begun
      const wallet = performance.getEntriesByType('resource').filter((entry) => new URL(entry.name).pathname === '/wallet')
      return total - wallet.reduce((sum, { duration }) => sum + duration, 0)
    }, `grant-${run}`)
    if (run > 0) own.push(ms)
  }
  return [measured('grant.overhead', 'ms, without the wallet\'s own time', own)]
}

/** What shows the session's state and what is left, per action. */
async function renders(page: Page): Promise<Figure[]> {
  await page.evaluate(() => window.harness.grant('shopping'))
  const shown = () => page.evaluate(() => window.harness.renders())
  await page.evaluate(() => window.harness.mint(1))
  await page.waitForFunction(() => document.querySelector('[data-testid=status]')?.textContent === 'active')
  const before = await shown()
  const actions = 10
  for (let action = 0; action < actions; action += 1) await page.evaluate(() => window.harness.mint(1))
  return [counted('renders.action', 'renders per action of what shows the session and what is left', ((await shown()) - before) / actions)]
}

/** From the press of a button to a question that can be answered. */
async function consentTime(page: Page): Promise<Figure> {
  const times: number[] = []
  for (let run = 0; run <= grants; run += 1) {
    const ms = await page.evaluate(async () => {
      const button = (name: string) => [...document.querySelectorAll('button')].find((one) => one.textContent === name)
      const begun = performance.now()
      button('Grant')?.click()
      return new Promise<number>((resolve) => {
        const observer = new MutationObserver(look)
        function look() {
          const allow = button('Allow')
          if (!allow || allow.getAttribute('aria-disabled') === 'true') return
          observer.disconnect()
          resolve(performance.now() - begun)
        }
        observer.observe(document, { subtree: true, childList: true, attributes: true })
        look()
      })
    })
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    if (run > 0) times.push(ms)
  }
  return measured('consent.open', 'ms from the press to a question that can be answered', times)
}
