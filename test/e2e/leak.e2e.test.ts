/**
 * The session key's secret, learnt behind the kit's back, is looked for wherever a script, a log or a wire could carry it, after
 * everything an app does with a session: real Chromium, chain, relay, and a wallet in the page that asks through the dialog.
 */
import { chromium, type Browser, type Page } from 'playwright-core'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { decodeContext } from '../../src/delegation/context.js'
import { openHarness } from '../harness/browserProcess.js'
import type { PagePlace } from '../harness/page/readPage.js'
import { contextForms, findForms, keyForms } from '../harness/secretForms.js'
import { spyOnPage } from '../harness/spyOnPage.js'
import { startHarness, type HarnessServer } from '../harness/startHarness.js'
import { watchNetwork } from '../harness/watchNetwork.js'

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

test.each(['relay', 'direct'])('no secret leaves the kit, and no permission is logged: %s', async (lane) => {
  const { page, secrets, read } = await openApp(lane)
  await harness.chain.setBalance(await page.evaluate(() => window.harness.account), parseEther('1'))
  expect(await press(page, 'Grant', 'Allow')).toBe('grantPermissions: success')
  const [session] = await page.evaluate(() => window.harness.sessions())
  const secret = [...secrets].find((candidate) => privateKeyToAddress(candidate) === session!.address)
  expect(secret, 'the spy knows the key').toBeDefined()

  // Everything an app does, and what goes wrong while it does: our check, the chain, the relay, the node, the user.
  const sending = lane === 'relay' ? 'relayer_sendTransaction' : 'eth_sendRawTransaction'
  if (lane === 'direct') {
    expect(await press(page, 'Mint'), 'the key holds nothing to pay with').not.toMatch(/success/)
    await harness.chain.setBalance(session!.address, parseEther('1'))
  }
  expect(await press(page, 'Mint')).toBe('sendSessionCalls: success')
  expect(await press(page, 'Mint two')).toBe('sendSessionCalls: success')
  expect(await press(page, 'Overspend')).toBe('sendSessionCalls: SpendLimitExceededError')
  expect(await press(page, 'Overspend anyway')).toBe('sendSessionCalls: SpendLimitExceededError')
  expect(await unanswered(page, '**/rpc', () => press(page, 'Mint two'), sending)).not.toMatch(/success/)
  expect(await unanswered(page, '**/rpc', () => press(page, 'Mint'))).not.toMatch(/success/)
  expect(await unanswered(page, '**/rpc', () => press(page, 'Revoke'))).not.toMatch(/success/)
  expect(await press(page, 'Grant', 'Reject')).toBe('grantPermissions: UserRejectedRequestError')
  expect(await unanswered(page, '**/rpc', () => press(page, 'Revoke'), sending)).not.toMatch(/success/)
  const alive = await read()
  expect(await press(page, 'Revoke')).toBe('revokePermissions: success')
  const ended = await read()

  // Nothing is found where nothing was looked at: only what an app never writes to is empty.
  expect(emptyPlaces(ended)).toEqual(['sessionStorage', 'uncaught errors'])
  expect(findForms(alive, keyForms(secret!))).toEqual([])
  expect(findForms(ended, keyForms(secret!))).toEqual([])
  const { console, 'errors as logged': errors } = ended
  expect(errors.length, 'there were errors to be logged').toBeGreaterThan(4)
  const signatures = session!.contexts.flatMap((context) => decodeContext(context).map(({ signature }) => signature))
  for (const context of session!.contexts) expect(findForms({ console, errors }, contextForms(context, signatures))).toEqual([])
})

test('the search finds what is there: a planted secret, in every place, however it is written', async () => {
  const { page, read } = await openApp('relay')
  const secret = generatePrivateKey()
  const bytes = Buffer.from(secret.slice(2), 'hex')
  const written = {
    hex: secret.slice(2).toUpperCase(),
    base64: `padding ${Buffer.concat([Buffer.from('x'), bytes]).toString('base64url')}`,
    decimal: `n=${BigInt(secret)}n`,
    bytes: bytes.toString('latin1'),
    'list of bytes': JSON.stringify([...bytes], null, 1),
  }
  const places = Object.keys(await page.evaluate(() => window.harness.read())) as PagePlace[]
  for (const text of Object.values(written)) {
    for (const place of places) await page.evaluate(([where, what]) => window.harness.plant(where, what), [place, text] as const)
    await page.route('**/planted', (route) => route.fulfill({ body: text }))
    await page.evaluate(async (body) => void (await fetch(`/planted?${encodeURIComponent(body)}`)).text(), text)
    await page.evaluate(async (body) => void (await fetch('/planted', { method: 'POST', body, headers: { planted: encodeURIComponent(body) } })), text)
  }
  const found = findForms(await read(), keyForms(secret))
  expect(found).toEqual(expect.arrayContaining(places.flatMap((place) => Object.keys(written).map((form) => `${place}: ${form}`))))
  expect(found).toEqual(expect.arrayContaining(['request bodies', 'response bodies'].flatMap((place) => Object.keys(written).map((form) => `${place}: ${form}`))))
  expect(found).toEqual(expect.arrayContaining(['addresses: hex', 'headers: hex']))

  // Where a value may be bytes, it is read as bytes.
  const other = generatePrivateKey()
  const structured: PagePlace[] = ['IndexedDB', 'React tree', 'query cache', 'mutation cache', 'errors in full', 'console', 'messages']
  for (const place of structured) await page.evaluate(([where, what]) => window.harness.plant(where, new Uint8Array(what)), [place, [...Buffer.from(other.slice(2), 'hex')]] as const)
  expect(findForms(await read(), keyForms(other))).toEqual(structured.map((place) => `${place}: hex`))
})

async function openApp(lane: string) {
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const { secrets } = await spyOnPage(context)
  const network = watchNetwork(context)
  const uncaught: string[] = []
  context.on('weberror', (error) => uncaught.push(String(error.error().stack)))
  const page = await openHarness(context, `${harness.url}?wallet=embedded&lane=${lane}`)
  return {
    page,
    secrets,
    read: async () => ({ ...(await page.evaluate(() => window.harness.read())), ...(await network.read()), 'uncaught errors': uncaught }),
  }
}

function emptyPlaces(places: Record<string, readonly string[]>): string[] {
  return Object.keys(places).filter((place) => places[place]!.every((text) => text === ''))
}

/** Presses a button, answers the dialog if there will be one, and waits for what became of it. */
async function press(page: Page, name: string, answer?: 'Allow' | 'Reject'): Promise<string | undefined> {
  const settled = () => page.evaluate(() => window.harness.settled())
  const { length } = await settled()
  await page.getByRole('button', { name, exact: true }).click()
  if (answer) await page.getByRole('alertdialog').getByRole('button', { name: answer, exact: true }).click()
  await expect.poll(async () => (await settled()).length, { timeout: 60_000 }).toBe(length + 1)
  return (await settled()).at(-1)
}

/** Nobody answers at these addresses while it happens: to any request, or to those of one method. */
async function unanswered<result>(page: Page, addresses: string, happens: () => Promise<result>, method = ''): Promise<result> {
  await page.route(addresses, (route) => (route.request().postData()?.includes(method) ? route.abort() : route.continue()))
  const result = await happens()
  await page.unroute(addresses)
  return result
}
