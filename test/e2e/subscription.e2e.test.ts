/**
 * What the shop's server does while nobody looks, in a real browser against what `npm run demo` starts: it charges day by day, the player sees
 * each charge and ends it, and a bot repairs what is worn. Days pass by the demo's own button.
 */
import { once } from 'node:events'
import { chromium, type Browser, type Page } from 'playwright-core'
import { createPublicClient, erc20Abi, http, type Address } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { allow, expectToFit, openPlayer, outcome, startDemo, type Demo } from './demoShop.js'

// A month of days, and a database that comes to life in the process of the demo.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

let demo: Demo
let browser: Browser
let gold: Address
beforeAll(async () => {
  const { executablePath, args } = await findBrowser()
  ;[demo, browser] = await Promise.all([startDemo(), chromium.launch({ executablePath, args })])
  gold = ((await (await fetch(`${demo.url}demo.json`)).json()) as { gold: Address }).gold
  const page = await browser.newPage()
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Subscribe' }).waitFor({ timeout: 60_000 })
  await page.close()
})
afterAll(async () => {
  await browser?.close()
  if (demo?.child.kill('SIGTERM')) await once(demo.child, 'exit')
})

test('agreed to once; charged day by day, which the player sees; ended in the page, and never charged again', async () => {
  const { page, shot } = await openPlayer({ demo, browser })
  const player = await playerOf(page)
  const card = page.getByRole('article', { name: 'subscription' })

  await page.getByRole('button', { name: 'Subscribe' }).click()
  await eventually(() => page.getByRole('alertdialog').innerText()).toMatch(/The Forge may spend up to 20 GOLD per day \(only to 0x5407…5407\) until .+ \(in 60 days\)\./)
  await shot('11-subscription-consent')
  await allow(page)
  await outcome(page, /Subscribed/)
  // The first day is charged at once.
  await eventually(() => charges(card)).toBe(1)
  expect(await goldOf(player)).toBe(1_980n)

  await passDay(page)
  await eventually(() => charges(card)).toBe(2)
  await passDay(page)
  await eventually(() => charges(card)).toBe(3)
  expect(await goldOf(player), '60 GOLD less, on the chain').toBe(1_940n)
  await eventually(() => page.getByText('1940 GOLD', { exact: true }).count()).toBe(1)

  // Each says its day, by the chain's clock, and its transaction.
  const days = await dates(card)
  const today = Number((await chain().getBlock()).timestamp)
  expect(days).toEqual([0, 1, 2].map((ago) => dayText(today - ago * 86_400)))
  expect(await card.getByText(/^Transaction 0x/).count()).toBe(3)
  await eventually(() => card.getByText(/^Next: at most 20 GOLD on /).innerText()).toContain(dayText(today + 86_400))
  await shot('12-three-charges')

  await card.getByRole('button', { name: 'End session' }).click()
  await card.getByRole('button', { name: 'End it' }).click()
  await eventually(() => card.getAttribute('data-state')).toBe('revoked')
  await eventually(() => card.innerText()).toContain('It was ended here. The chain refuses its key.')
  expect(await card.getByText(/^Next:/).count()).toBe(0)

  await passDay(page)
  await passDay(page)
  await page.reload()
  await eventually(() => charges(card), { message: 'no further charge' }).toBe(3)
  expect(await card.getAttribute('data-state')).toBe('revoked')
  expect(await goldOf(player), 'nor on the chain').toBe(1_940n)
  expect(await page.getByRole('alertdialog').count()).toBe(0)
  await shot('13-subscription-ended')

  // It may be begun again: another yes, and another key's worth of days.
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await allow(page)
  await outcome(page, /Subscribed/)
  await eventually(() => goldOf(player)).toBe(1_920n)
})

test('a month passes in a minute: each of its days is charged once', async () => {
  const { page, shot } = await openPlayer({ demo, browser })
  const player = await playerOf(page)
  const card = page.getByRole('article', { name: 'subscription' })
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await allow(page)
  await eventually(() => charges(card)).toBe(1)
  await page.getByRole('button', { name: 'Let a month pass' }).click()
  await page.getByTestId('outcome').filter({ hasText: 'A month has passed' }).waitFor({ timeout: 240_000 })
  expect(await goldOf(player)).toBe(2_000n - 31n * 20n)
  for (const shown of [5, 20]) {
    await eventually(() => charges(card)).toBe(shown)
    await card.getByRole('button', { name: 'Show more actions' }).click()
  }
  await eventually(() => charges(card)).toBe(31)
  const days = await dates(card)
  expect(new Set(days).size).toBe(31)
  expect(await card.getByText(/Missed|Failed/).count()).toBe(0)
  await shot('14-a-month')
})

test('the bot repairs a sword that is worn, and one that is not it leaves alone', async () => {
  const { page, shot } = await openPlayer({ demo, browser })
  const player = await playerOf(page)
  await page.getByRole('button', { name: 'Start session' }).click()
  await allow(page)
  await outcome(page, /session is on/)
  await page.getByRole('button', { name: 'Mint a sword' }).click()
  const sword = page.getByRole('list', { name: 'Your swords' }).getByRole('listitem')
  await eventually(() => sword.innerText()).toContain('100 %')

  await page.getByRole('button', { name: 'Let the bot repair' }).click()
  await eventually(() => page.getByRole('alertdialog').innerText()).toMatch(/repair on Sword \(at most 200 times\) and spend up to 25 GOLD per day/)
  await allow(page)
  await outcome(page, /The bot watches/)
  const card = page.getByRole('article', { name: 'repairs' })
  await eventually(() => card.getAttribute('data-state')).toBe('active')

  const fight = page.getByRole('button', { name: /^Fight with sword/ })
  for (const left of ['80 %', '60 %']) {
    await fight.click()
    await eventually(() => sword.innerText()).toContain(left)
  }
  expect(await goldOf(player)).toBe(2_000n)
  await fight.click()
  await eventually(() => goldOf(player)).toBe(1_995n)
  await eventually(() => sword.innerText()).toContain('100 %')
  await eventually(() => card.innerText()).toMatch(/Done transfer 5 GOLD and repair on Sword/)
  await shot('15-repaired')
})

test('it fits on a phone and at a desk, light and dark', async () => {
  const { page } = await openPlayer({ demo, browser })
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await allow(page)
  const card = page.getByRole('article', { name: 'subscription' })
  await eventually(() => charges(card)).toBe(1)
  await page.getByRole('button', { name: 'Jump 3 days ahead' }).click()
  // Three days in one go: those between could not be charged, and the player is told.
  await eventually(() => card.getByText('Missed').count()).toBe(2)
  await eventually(() => charges(card)).toBe(2)
  await expectToFit(page, '16-subscription')
})

test.skipIf(process.platform === 'win32')('Ctrl-C in the middle of a month ends all of it', async () => {
  const other = await startDemo()
  let complaint = ''
  other.child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk))
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.goto(other.url)
  await page.getByRole('button', { name: 'Subscribe' }).click({ timeout: 60_000 })
  await allow(page)
  await outcome(page, /Subscribed/)
  const card = page.getByRole('article', { name: 'subscription' })
  await page.getByRole('button', { name: 'Let a month pass' }).click()
  await eventually(() => charges(card)).toBeGreaterThanOrEqual(3)
  other.child.kill('SIGINT')
  expect(await once(other.child, 'exit')).toEqual([0, null])
  await expect(fetch(other.url)).rejects.toThrow()
  // What was on its way has ended well.
  expect(complaint).toBe('')
})

test('the server believes no page who it is', async () => {
  const account = privateKeyToAccount(generatePrivateKey())
  const { host: domain, origin: uri } = new URL(demo.url)
  const nonce = async () => ((await (await fetch(`${demo.url}api/sign-in`)).json()) as { nonce: string }).nonce
  const message = (fields: { nonce: string; domain?: string; address?: Address }) => createSiweMessage({ address: account.address, chainId: 31_337, domain, uri, version: '1', ...fields })
  const signIn = async (text: string) => {
    const body = JSON.stringify({ message: text, signature: await account.signMessage({ message: text }) })
    return fetch(`${demo.url}api/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  }
  const good = message({ nonce: await nonce() })
  const answer = await signIn(good)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
  expect((await signIn(good)).status, 'a second time').toBe(401)
  expect((await signIn(message({ nonce: 'ofourownmaking' }))).status, 'a nonce that nobody gave').toBe(401)
  expect((await signIn(message({ nonce: await nonce(), domain: 'shop.example' }))).status, 'for another page').toBe(401)
  expect((await fetch(`${demo.url}api/time`, { method: 'POST', headers: { 'content-type': 'text/plain', cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }, body: '{"days":1}' })).status, 'a form of another site').toBe(400)
  expect((await signIn(message({ nonce: await nonce(), address: gold }))).status, 'in the name of another account').toBe(401)

  const ask = (path: string, body: object) => fetch(`${demo.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', cookie: 'forge-sign-in=guessed' }, body: JSON.stringify(body) })
  expect((await ask('api/status', { action: 'sessions', account: account.address })).status).toBe(401)
  expect((await ask('api/fight', { sword: '1' })).status).toBe(400)
  expect((await ask('api/time', { days: 1 })).status).toBe(401)
})

/** Waits for what is to come; on a busy machine a page takes its time. */
function eventually<value>(read: () => value | Promise<value>, { message }: { message?: string } = {}) {
  return expect.poll(read, { timeout: 60_000, interval: 50, ...(message ? { message } : {}) })
}

async function passDay(page: Page) {
  await page.getByRole('button', { name: 'Let a day pass' }).click()
  await outcome(page, 'A day has passed.')
  await page.getByRole('button', { name: 'Dismiss this message' }).click()
}

type Card = ReturnType<Page['getByRole']>

const charges = (card: Card) => card.getByText('Charged', { exact: true }).count()
const dates = async (card: Card) => (await card.locator('.rsk-action time').allInnerTexts()).map((text) => text.replace(/^on /, '').replace(/, \d\d:\d\d$/, ''))
const playerOf = async (page: Page) => (await page.getByLabel('Your wallet').locator('code').getAttribute('title')) as Address
const dayText = (seconds: number) => new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'Europe/Berlin' }).format(seconds * 1000).replace(',', '')
const chain = () => createPublicClient({ transport: http(`${demo.url}rpc`) })
const goldOf = async (account: Address) => (await chain().readContract({ address: gold, abi: erc20Abi, functionName: 'balanceOf', args: [account] })) / 10n ** 18n
