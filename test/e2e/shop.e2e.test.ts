/**
 * The whole story of the demo, played in a real browser against what `npm run demo` starts. Nothing is mocked; where a
 * test holds a request back or looks into storage, it does what an attacker or an auditor would.
 */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'
import { createPublicClient, http, type Address, type Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { delegationManagerAbi } from '../../src/delegation/abis.js'
import { decodeContext } from '../../src/delegation/context.js'
import { hashDelegation } from '../../src/delegation/delegation.js'
import { framework } from '../../src/delegation/framework.js'
import { allow, expectToFit, isSend, openPlayer, outcome, spawnDemo, startDemo, type Demo } from './demoShop.js'

// The first page waits until its dependencies are bundled.
vi.setConfig({ hookTimeout: 120_000 })

let demo: Demo
let browser: Browser
beforeAll(async () => {
  const { executablePath, args } = await findBrowser()
  ;[demo, browser] = await Promise.all([startDemo(), chromium.launch({ executablePath, args })])
  // The first visit after a change of dependencies may load twice.
  const page = await browser.newPage()
  await page.goto(demo.url)
  await page.getByRole('button', { name: 'Start session' }).waitFor({ timeout: 60_000 })
  // While the database comes to life, the process of the demo does nothing else.
  await page.getByRole('button', { name: 'Subscribe' }).waitFor({ timeout: 60_000 })
  await page.close()
})
afterAll(async () => {
  await browser?.close()
  // Not SIGKILL: nobody could then end the chain.
  if (demo?.child.kill('SIGTERM')) await once(demo.child, 'exit')
})

test('the consent says who asks, for what and until when; a no leaves neither session nor key', async () => {
  const { page, relayed, shot } = await openShop()
  const dialog = page.getByRole('alertdialog')

  await page.getByRole('button', { name: 'Start session' }).click()
  await eventually(() => dialog.innerText()).toMatch(/The Forge may mint on Sword \(at most 50 times\) and spend up to 1000 GOLD until .+ \(in 3 days\)\./)
  const text = await dialog.innerText()
  expect(text).toContain(new URL(demo.url).host)
  expect(text).toContain('Forge chain')
  expect(text).toContain('mint on Sword, at most 50 times')
  expect(text).toContain('spend up to 1000 GOLD in total')
  expect(text).toContain(short(await playerOf(page)))
  const { timestamp } = await chain().getBlock()
  const inThreeDays = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'Europe/Berlin' }).format((Number(timestamp) + 3 * 86_400) * 1000)
  expect(text.replace(/\s+/g, ' ')).toContain(`Ends ${inThreeDays}`)
  await shot('1-consent')

  await dialog.getByRole('button', { name: 'Reject' }).click()
  await outcome(page, /rejected/i)
  expect(await page.getByRole('alert').innerText()).toContain('Refused by you')
  await eventually(() => sessionStatus(page)).toBe('Declined')
  expect((await storedRows(page)).keys).toEqual([])
  await expectConfirmations(page, 1)

  await page.getByRole('button', { name: 'Start session' }).click()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await eventually(() => sessionStatus(page)).toBe('Declined')
  const { sessions, keys } = await storedRows(page)
  expect(sessions.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(keys).toEqual([])
  await expectConfirmations(page, 2)

  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await outcome(page, /no live session "shopping"/)
  expect(relayed()).toEqual([])
})

test('one yes; then a mint and ten purchases just happen, and nothing else does', async () => {
  const { page, relayed, shot } = await openShop()
  const dialog = page.getByRole('alertdialog')
  await shot('2-before')

  await page.getByRole('button', { name: 'Start session' }).dblclick()
  await allow(page)
  await outcome(page, /session is on/)
  expect(await dialog.count()).toBe(0)
  await eventually(() => sessionStatus(page)).toBe('Active')
  expect((await storedRows(page)).sessions).toHaveLength(1)
  await shot('3-active')

  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await outcome(page, 'A sword is yours.')
  await eventually(() => swords(page)).toBe(1)
  await eventually(() => meter(page, 'Mints left')).toBe('49 of 50 left')

  // Ten presses, as fast as they come: every press is its own purchase.
  for (let press = 0; press < 10; press += 1) await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await eventually(() => swords(page)).toBe(11)
  await eventually(() => meter(page, 'GOLD left')).toBe('0 of 1000 left')
  await eventually(() => meter(page, 'Mints left')).toBe('39 of 50 left')
  await eventually(() => page.getByText('1000 GOLD', { exact: true }).count(), { message: 'what the player still has' }).toBe(1)
  await settled(page)
  await shot('4-ten-bought')

  const before = relayed().length
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await refused(page, {
    by: 'our check',
    name: 'SpendLimitExceededError',
    text: 'This session may spend 1000 GOLD; 0 GOLD is left and the call needs 100 GOLD.',
  })
  expect(relayed(), 'nothing was sent').toHaveLength(before)
  await shot('5-eleventh-refused')

  await page.getByRole('button', { name: 'Transfer to a stranger past the limit' }).click()
  await refused(page, { by: 'our check', name: 'SpendLimitExceededError', text: 'the call needs 1001 GOLD' })
  await page.getByRole('button', { name: 'Call another contract' }).click()
  await refused(page, { by: 'our check', name: 'ContractNotAllowedError', text: 'This session may not call Test USD (0x' })
  await page.getByRole('button', { name: 'Approve a stranger on GOLD' }).click()
  await refused(page, { by: 'our check', name: 'FunctionNotAllowedError', text: 'This session may not call approve on Gold (0x' })
  expect(relayed(), 'nothing was sent').toHaveLength(before)

  await page.getByLabel('Send it anyway, past our check').check()
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await refused(page, { by: 'the chain', name: 'SpendLimitExceededError', text: 'past what this session may spend' })
  await page.getByRole('button', { name: 'Call another contract' }).click()
  await refused(page, { by: 'the chain', name: 'ContractNotAllowedError', text: 'may not call that contract' })
  await page.getByRole('button', { name: 'Approve a stranger on GOLD' }).click()
  await refused(page, { by: 'the chain', name: 'FunctionNotAllowedError', text: 'may only transfer that token' })
  await page.getByRole('button', { name: 'Transfer to a stranger past the limit' }).click()
  await refused(page, { by: 'the chain', name: 'SpendLimitExceededError', text: 'past what this session may spend' })
  expect(relayed().length, 'it was sent').toBe(before + 4)
  await shot('6-refused-by-the-chain')
  expect(await swords(page)).toBe(11)

  // The session outlives the page, with no new question.
  await page.reload()
  await eventually(() => sessionStatus(page)).toBe('Active')
  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await outcome(page, 'A sword is yours.')
  await eventually(() => swords(page)).toBe(12)
  expect(await dialog.count()).toBe(0)
  await expectConfirmations(page, 1)
  expect(await fact(page, 'The key holds')).toBe('0 ETH')
  expect(await fact(page, 'You hold')).toBe('0 ETH')
  const [session] = (await storedRows(page)).sessions
  expect(await chain().getBalance({ address: session!.address })).toBe(0n)
})

test('developers see what went over the wire, word for word, and every transaction', async () => {
  const { page, shot } = await openShop()
  await startSession(page)
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await outcome(page, /gilded sword is yours/)
  const [session] = (await storedRows(page)).sessions

  await page.getByText('wallet_requestExecutionPermissions', { exact: true }).click()
  const request = JSON.parse(await page.getByLabel('Request wallet_requestExecutionPermissions').innerText())
  expect(request).toMatchObject({
    method: 'wallet_requestExecutionPermissions',
    params: [
      { chainId: '0x7a69', to: session!.address, permission: { type: 'contract-call' } },
      { chainId: '0x7a69', to: session!.address, permission: { type: 'erc20-token-allowance' }, rules: [{ type: 'expiry' }] },
    ],
  })
  const response = JSON.parse(await page.getByLabel('Response to wallet_requestExecutionPermissions').innerText())
  expect(response.map(({ context }: { context: Hex }) => context)).toEqual(session!.granted.map(({ context }) => context))

  const line = await page.getByRole('list', { name: 'Actions' }).getByRole('listitem').first().innerText()
  const hash = /0x[0-9a-f]{64}/.exec(line)?.[0] as Hex
  expect(line).toContain('Buy for 100 GOLD · 2 calls')
  expect(await chain().getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  await shot('7-developers')
})

test('the session key is nowhere to be read: not in storage, not in the page', async () => {
  const { page } = await openShop()
  await startSession(page)
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await outcome(page, /gilded sword is yours/)

  const { keys, sessions } = await storedRows(page)
  expect(keys.map(({ kind }) => kind)).toEqual(['wrapped-secp256k1'])
  const addresses = (await candidateKeys(page)).map(addressOf)
  expect(addresses, 'the search does find keys: the owner’s, which the wallet keeps in clear').toContain(await playerOf(page))
  expect(addresses).not.toContain(sessions[0]!.address)
})

test('ending the session ends it on-chain, in every tab, and for what was signed before', async () => {
  const { page, context, relayed, shot } = await openShop()
  await startSession(page)
  const other = await context.newPage()
  await other.goto(demo.url)
  await eventually(() => sessionStatus(other)).toBe('Active')
  await page.bringToFront() // a page in the background draws once a second

  // A purchase that is signed now and arrives at the relay only after the session has ended.
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let hold = () => {}
  const held = new Promise<void>((resolve) => (hold = resolve))
  let isFirst = true
  await page.route('**/relay/rpc', async (route) => {
    if (!isFirst || !isSend(route.request())) return route.continue()
    isFirst = false
    hold()
    await released
    return route.continue()
  })
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await held

  const [session] = (await storedRows(page)).sessions
  await page.getByRole('button', { name: 'End session' }).click()
  await outcome(page, /The session has ended: the chain shows it/)
  await shot('8-ended')
  for (const { context } of session!.granted) expect(await isDisabled(context)).toBe(true)
  await eventually(() => sessionStatus(page)).toBe('Ended')
  await eventually(() => sessionStatus(other), { message: 'the other tab' }).toBe('Ended')
  expect((await storedRows(page)).keys, 'the key is deleted').toEqual([])

  release()
  await refused(page, { by: 'the chain', name: 'SessionRevokedError', text: 'This session was revoked.' })

  const before = relayed().length
  for (const tab of [page, other]) {
    await tab.bringToFront()
    await tab.getByRole('button', { name: 'Mint a sword' }).click()
    await refused(tab, { by: 'our check', name: 'SessionRevokedError', text: 'This session was ended.' })
    await tab.getByLabel('Send it anyway, past our check').check()
    await tab.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
    await refused(tab, { by: 'our check', name: 'SessionRevokedError', text: 'This session was ended.', label: 'Buy for 100 GOLD' })
  }
  expect(relayed(), 'without a key there is nothing to send').toHaveLength(before)
  expect(await swords(page)).toBe(0)
})

test('a session that was ended in the wallet is refused too, by us and by the chain', async () => {
  const { page, relayed, shot } = await openShop()
  await startSession(page)
  await page.getByRole('button', { name: 'End it in the wallet' }).click()
  await outcome(page, /The app was not told/)
  await eventually(() => sessionStatus(page)).toBe('Ended in the wallet')

  const before = relayed().length
  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await refused(page, { by: 'our check', name: 'SessionRevokedError', text: 'This session was revoked.' })
  expect(relayed()).toHaveLength(before)
  await page.getByLabel('Send it anyway, past our check').check()
  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await refused(page, { by: 'the chain', name: 'SessionRevokedError', text: 'This session was revoked.' })
  await shot('9-ended-in-the-wallet')
  expect(await swords(page)).toBe(0)

  await page.getByLabel('Send it anyway, past our check').uncheck()
  await startSession(page)
  await page.getByRole('button', { name: 'Mint a sword' }).click()
  await outcome(page, 'A sword is yours.')
})

test('after three days it is over, by the chain’s clock; a new one can be had', async () => {
  const { page, relayed, shot } = await openShop()
  await startSession(page)
  await page.getByRole('button', { name: 'Jump 3 days ahead' }).click()
  await outcome(page, 'The chain is three days older.')
  await eventually(() => sessionStatus(page)).toBe('Expired')

  const before = relayed().length
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await refused(page, { by: 'our check', name: 'SessionExpiredError', text: 'This session ended on' })
  expect(relayed()).toHaveLength(before)
  await page.getByLabel('Send it anyway, past our check').check()
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await refused(page, { by: 'the chain', name: 'SessionExpiredError', text: 'This session has ended.' })
  await shot('10-expired')
  expect(await swords(page)).toBe(0)

  await page.getByLabel('Send it anyway, past our check').uncheck()
  await startSession(page)
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await outcome(page, /gilded sword is yours/)
  await eventually(() => meter(page, 'GOLD left')).toBe('900 of 1000 left')
})

test('it fits on a phone and at a desk, light and dark', async () => {
  const { page } = await openShop()
  await page.getByRole('button', { name: 'Start session' }).click()
  await page.getByRole('alertdialog').waitFor()
  await expectToFit(page, 'consent')
  await allow(page)
  await outcome(page, /session is on/)
  await page.getByRole('button', { name: 'Buy for 100 GOLD' }).click()
  await outcome(page, /gilded sword is yours/)
  await page.getByText('wallet_requestExecutionPermissions', { exact: true }).click()
  await page.getByRole('button', { name: 'Call another contract' }).click()
  await refused(page, { by: 'our check', name: 'ContractNotAllowedError', text: 'may not call' })
  await expectToFit(page, 'shop')
})

test.skipIf(process.platform === 'win32')('Ctrl-C ends it with 0 and leaves nothing running', async () => {
  const { child, url } = await startDemo()
  const children = childrenOf(child.pid!)
  if (process.platform === 'linux') expect(children.map(nameOf)).toEqual(['anvil'])
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(children.filter(isRunning)).toEqual([])
  await expect(fetch(url)).rejects.toThrow()
})

test.each([
  [['--port', 'shop'], /^The demo did not start: "shop" is not a port\. Usage: .+\n$/],
  [['--colour'], /^The demo did not start: Unknown option '--colour'.+\n$/],
])('%j is refused in one sentence', async (args, sentence) => {
  const child = spawnDemo(args)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said).toMatch(sentence)
})

test('a port that is taken is told', async () => {
  const child = spawnDemo(['--port', new URL(demo.url).port])
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said).toMatch(/^The demo did not start: Port \d+ is already in use\n$/)
})

/** Waits for what is to come; on a busy machine a page takes its time. */
function eventually<value>(read: () => value | Promise<value>, { message }: { message?: string } = {}) {
  return expect.poll(read, { timeout: 20_000, interval: 50, ...(message ? { message } : {}) })
}

/** Linux only; elsewhere the closed port has to do. A zombie has ended: it only waits to be counted. */
function childrenOf(parent: number): number[] {
  return process.platform === 'linux' ? readdirSync('/proc').map(Number).filter((pid) => pid > 0 && statOf(pid)?.[1] === String(parent)) : []
}
const isRunning = (pid: number) => !['Z', 'X', undefined].includes(statOf(pid)?.[0])
const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')
  } catch {
    return undefined
  }
}

// ---- The player

const openShop = (options: Parameters<Browser['newContext']>[0] = {}) => openPlayer({ demo, browser, ...options })

async function startSession(page: Page) {
  await page.getByRole('button', { name: 'Start session' }).click()
  await allow(page)
  await outcome(page, /session is on/)
  await eventually(() => sessionStatus(page)).toBe('Active')
}

async function refused(page: Page, { by, name, text, label = '' }: { by: string; name: string; text: string; label?: string }) {
  const alert = page.getByRole('alert').filter({ hasText: text }).filter({ hasText: `Refused by ${by}` }).filter({ hasText: name }).filter({ hasText: label })
  await alert.waitFor().catch(async (error: Error) => {
    throw new Error(`Expected to be refused by ${by} with ${name}: ${text}\nThe page says: ${await page.getByTestId('outcome').allInnerTexts()}`, { cause: error })
  })
}

async function settled(page: Page) {
  await eventually(() => page.getByTestId('pending').innerText()).toBe('')
}

const sessionStatus = (page: Page) => page.getByTestId('session-status').innerText()
const swords = (page: Page) => page.getByRole('list', { name: 'Your swords' }).getByRole('listitem').count()
const meter = (page: Page, name: string) => page.getByRole('meter', { name }).getAttribute('aria-valuetext')
const fact = (page: Page, label: string) => page.locator('dt', { hasText: label }).locator('xpath=following-sibling::dd').innerText()
const expectConfirmations = (page: Page, count: number) => eventually(() => fact(page, 'Confirmations asked')).toBe(String(count))
const playerOf = async (page: Page) => (await page.getByLabel('Your wallet').locator('code').getAttribute('title')) as Address
const short = (address: string) => `${address.slice(0, 6)}…${address.slice(-4)}`

// ---- What is stored, and what the chain says

type Row = { id: string; status: string; address: Address; granted: { context: Hex }[] }

async function storedRows(page: Page) {
  return (await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('react-session-keys')
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const all = (name: string) =>
      new Promise((resolve, reject) => {
        const reading = database.transaction(name).objectStore(name).getAll()
        reading.onsuccess = () => resolve(reading.result)
        reading.onerror = () => reject(reading.error)
      })
    const bytesAsHex = (_: string, value: unknown) =>
      value instanceof Uint8Array ? `0x${[...value].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` : typeof value === 'bigint' ? String(value) : value
    const rows = JSON.parse(JSON.stringify({ sessions: await all('sessions'), keys: await all('keys') }, bytesAsHex))
    database.close()
    return rows
  })) as { sessions: Row[]; keys: { kind: string; address: Address; ciphertext: Hex }[] }
}

/** Every 32 bytes in a row, anywhere a script or a reader of the page could find them. */
async function candidateKeys(page: Page): Promise<Hex[]> {
  const places = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]) + document.documentElement.outerHTML)
  const texts = [places, JSON.stringify(await storedRows(page))].join('\n').match(/[0-9a-f]{64,}/gi) ?? []
  const windows = texts.flatMap((text) => Array.from({ length: Math.floor((text.length - 64) / 2) + 1 }, (_, index) => text.slice(index * 2, index * 2 + 64)))
  return [...new Set(windows)].map((window): Hex => `0x${window}`)
}

function addressOf(candidate: Hex): Address | undefined {
  try {
    return privateKeyToAddress(candidate)
  } catch {
    return undefined // no number below the curve's order
  }
}

const chain = () => createPublicClient({ transport: http(`${demo.url}rpc`) })

async function isDisabled(context: Hex): Promise<boolean> {
  const root = decodeContext(context).at(-1)!
  return chain().readContract({ address: framework.DelegationManager, abi: delegationManagerAbi, functionName: 'disabledDelegations', args: [hashDelegation(root)] })
}

