/** What a browser does to what it was given to keep: a full disk, a private window, cleared data. Real Chromium, wallet and chain. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { openHarness, visitHarness } from '../harness/browserProcess.js'
import { startHarness, type HarnessServer } from '../harness/startHarness.js'

let harness: HarnessServer
let browser: Browser
beforeAll(async () => {
  const { executablePath, args } = await findBrowser()
  ;[harness, browser] = await Promise.all([startHarness(), chromium.launch({ executablePath, args })])
})
afterAll(async () => {
  await browser?.close()
  await harness?.stop()
})

test('no room on the disk: long sessions are refused before the wallet is asked, short ones live as long as the page, and the page says so', async () => {
  harness.wallet.nextUser()
  const context = await newContext()
  const page = await context.newPage()
  const protocol = await context.newCDPSession(page)
  await protocol.send('Storage.overrideQuotaForOrigin', { origin: new URL(harness.url).origin, quotaSize: 1 })
  await visitHarness(page, harness.url)

  const before = harness.wallet.granted.size
  await expect(grant(page)).rejects.toThrow('This browser does not keep keys, so a session of 3 days would be lost when the page is closed.')
  expect(harness.wallet.granted.size, 'keys that the wallet was shown').toBe(before)
  await expect.poll(() => page.getByRole('note').innerText()).toContain('This browser keeps nothing')

  const session = await grant(page, 30)
  expect(session).toMatchObject({ status: 'active' })
  await expect.poll(() => page.getByTestId('status').innerText()).toBe('active')
  await page.evaluate(() => window.harness.mint(1))
  expect(await clearText(page)).toEqual([])

  // As it was said: gone with the page. And with room on the disk again, all is as usual.
  await protocol.send('Storage.overrideQuotaForOrigin', { origin: new URL(harness.url).origin })
  await visitHarness(page, harness.url)
  await expect.poll(() => page.getByTestId('status').innerText()).toBe('none')
  await grant(page)
  await visitHarness(page, harness.url)
  await expect.poll(() => page.getByTestId('status').innerText()).toBe('active')
  expect(await page.getByRole('note').count()).toBe(0)
})

test('a private window: sessions outlive the page, not the window, and what is granted anew is a new key', async () => {
  harness.wallet.nextUser()
  const privately = await newContext()
  const page = await openHarness(privately, harness.url)
  const first = await grant(page)
  await visitHarness(page, harness.url)
  await expect.poll(() => page.getByTestId('status').innerText()).toBe('active')
  await page.evaluate(() => window.harness.mint(1))
  await privately.close()

  const another = await openHarness(await newContext(), harness.url)
  await expect.poll(() => another.getByTestId('status').innerText()).toBe('none')
  // What the wallet still lists is nothing that this window has a key for.
  await another.evaluate(() => window.harness.reconcile())
  expect(await another.evaluate(() => window.harness.sessions())).toEqual([])
  const second = await grant(another)
  expect(second.address).not.toBe(first.address)
  await another.evaluate(() => window.harness.mint(1))
})

test('the site’s data is cleared under a page that is open: the session says that its key is gone, and a new one can be granted', async () => {
  harness.wallet.nextUser()
  const context = await newContext()
  const page = await openHarness(context, harness.url)
  const { address } = await grant(page)
  await clearData(context, page)
  await expect(page.evaluate(() => window.harness.mint(1))).rejects.toThrow(/SessionLostError: .* and its key\./)
  await expect.poll(() => page.getByTestId('status').innerText()).toBe('none')
  const again = await grant(page)
  expect(again).toMatchObject({ status: 'active' })
  expect(again.address).not.toBe(address)
  await page.evaluate(() => window.harness.mint(1))
})

test('the site’s data is cleared while the wallet asks: the grant is written down as one that can only be ended', async () => {
  harness.wallet.nextUser()
  const context = await newContext()
  const page = await openHarness(context, harness.url)
  let cleared = 0
  // The wallet has answered, and the answer is on its way.
  await page.route('**/wallet', async (route) => {
    const response = await route.fetch()
    if (route.request().postData()?.includes('wallet_requestExecutionPermissions')) {
      await clearData(context, page)
      cleared += 1
    }
    await route.fulfill({ response })
  })
  // Said in the page: the protocol has no word for an error that carries a session.
  const said = await page.evaluate(() => window.harness.grant().then(() => 'granted', (error: Error) => error.message))
  expect(said).toContain('The wallet granted the session, but this browser has deleted its key meanwhile.')
  expect(cleared).toBe(1)
  await page.unrouteAll()
  const [session] = await page.evaluate(() => window.harness.sessions())
  expect(session).toMatchObject({ status: 'quarantined', contexts: [expect.any(String), expect.any(String)] })
  expect(await page.evaluate((of) => window.harness.sign([of]), session!.address)).toEqual([{ problem: expect.stringContaining('key') }])
  await page.evaluate((id) => window.harness.revoke(id), session!.id)
  expect(await page.evaluate(() => window.harness.sessions())).toMatchObject([{ status: 'revoked' }])
})

async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  return context
}

function grant(page: Page, minutes?: number) {
  return page.evaluate((short) => window.harness.grant('shopping', short === undefined ? undefined : { minutes: short }), minutes)
}

/** As a browser does for its user, or for want of room. */
async function clearData(context: BrowserContext, page: Page): Promise<void> {
  const protocol = await context.newCDPSession(page)
  await protocol.send('Storage.clearDataForOrigin', { origin: new URL(harness.url).origin, storageTypes: 'all' })
  await protocol.detach()
}

/** What is kept beside IndexedDB, where a key must never be. */
function clearText(page: Page): Promise<string[]> {
  return page.evaluate(() => [...Object.values(localStorage), ...Object.values(sessionStorage)].filter((value) => /[0-9a-f]{64}/i.test(String(value))).map(String))
}
