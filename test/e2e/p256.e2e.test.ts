/** P-256 session keys in a real browser, on a real chain: where the key is kept, who can use it, and who can have it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { encodeAbiParameters, hashTypedData, hexToBigInt, keccak256, parseEther, slice, stringToHex, type Address, type Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { sendTransaction } from 'viem/actions'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { caveats } from '../../src/delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Delegation } from '../../src/delegation/delegation.js'
import { framework } from '../../src/delegation/framework.js'
import type { DelegatedPermission } from '../../src/delegation/grantedPermission.js'
import { encodeRedeemDelegations, type Redemption } from '../../src/delegation/redeem.js'
import { redemptionsFor } from '../../src/execution/redemptions.js'
import type { Session } from '../../src/sessions/session.js'
import { servePage, type ServedPage } from '../browser/servePage.js'
import type { PageSettings } from '../browser/settings.js'
import { gold, newAccount, startShop } from '../startShop.js'

let shop: Awaited<ReturnType<typeof startShop>>
let served: ServedPage
beforeAll(async () => {
  ;[shop, served] = await Promise.all([startShop(), servePage()])
})
afterAll(async () => {
  await Promise.all([served?.close(), shop?.stop()])
})

let profile: string
beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'rsk-profile-'))
  return () => rm(profile, { recursive: true, force: true })
})

/** A browser with this test's profile: started again, it finds what the last one left. */
async function startBrowser(): Promise<BrowserContext> {
  const { executablePath, args } = await findBrowser()
  const browser = await chromium.launchPersistentContext(profile, { executablePath, args })
  onTestFinished(() => browser.close())
  return browser
}

async function openPage(browser: BrowserContext, key: PageSettings['key'] = 'p256'): Promise<Page> {
  const page = await browser.newPage()
  const { chain, relay, ownerKey } = shop
  await served.open(page, { chainId: chain.chain.id, rpcUrl: chain.rpcUrl, relayUrl: relay.url, ownerKey, key })
  return page
}

const grant = async (page: Page): Promise<Session> => (await page.evaluate((definition) => window.kit.grant(definition), shop.shopping)).session
const send = (page: Page, calls: readonly unknown[], options: { skipCheck?: boolean } = {}) =>
  page.evaluate(([calls, options]) => window.kit.send('shopping', calls, options), [calls, options] as const)

test('it acts on a real chain: a mint, an atomic purchase, and nothing past the limit', async () => {
  const page = await openPage(await startBrowser())
  const { address } = await grant(page)
  const swords = await shop.swords()
  expect(await shop.chain.client.getCode({ address })).toBeUndefined()

  await send(page, [shop.mint])
  expect(await shop.swords()).toBe(swords + 1n)
  expect(await shop.chain.client.getCode({ address }), 'the relay has deployed its account').toBeDefined()
  await send(page, shop.buy())
  expect(await shop.swords()).toBe(swords + 2n)

  await expect(send(page, [shop.pay(gold(1000))])).rejects.toThrow(/SpendLimitExceededError/)
  await expect(send(page, [shop.pay(gold(1000))], { skipCheck: true })).rejects.toThrow(/The chain refused it/)
  expect(await page.evaluate(() => window.kit.questions())).toBe(1)
})

test('it survives a reload, and a restart of the whole browser', async () => {
  const browser = await startBrowser()
  const page = await openPage(browser)
  const { address } = await grant(page)
  const swords = await shop.swords()
  await page.reload()
  await page.waitForFunction(() => window.kit !== undefined)
  await send(page, [shop.mint])
  await browser.close()

  const again = await openPage(await startBrowser())
  expect((await again.evaluate(() => window.kit.sessions())).map((session) => session.address)).toEqual([address])
  await send(again, [shop.mint])
  expect(await shop.swords()).toBe(swords + 2n)
  expect(await again.evaluate(() => window.kit.questions()), 'nobody was asked again').toBe(0)
})

test('a script in the page cannot have the key, whatever it tries', async () => {
  const page = await openPage(await startBrowser())
  await grant(page)
  await page.addScriptTag({ content: injected })
  const { kinds, attempts } = await page.evaluate(async () => {
    const keys = await stolenKeys()
    const attempts: string[] = []
    for (const key of keys) {
      const wrapper = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['wrapKey'])
      const ways: (() => Promise<unknown>)[] = [
        ...(['pkcs8', 'jwk', 'raw', 'spki'] as const).map((format) => () => crypto.subtle.exportKey(format as 'jwk', key)),
        ...(['pkcs8', 'jwk'] as const).map((format) => () => crypto.subtle.wrapKey(format, key, wrapper, { name: 'AES-GCM', iv: new Uint8Array(12) })),
      ]
      for (const way of ways) attempts.push(await way().then(() => 'had it', (error: DOMException) => error.name))
    }
    return { kinds: keys.map(({ type, algorithm, extractable }) => [type, algorithm.name, extractable]), attempts }
  })
  expect(kinds).toEqual([['private', 'ECDSA', false]])
  expect(attempts).toHaveLength(6)
  // What the standard calls it: the key does not allow it; or the format is none for such a key.
  for (const attempt of attempts) expect(['InvalidAccessError', 'NotSupportedError']).toContain(attempt)
  expect(attempts.slice(0, 2), 'the two formats that a private key has').toEqual(['InvalidAccessError', 'InvalidAccessError'])
})

test('with the default kind of key the same script has it', async () => {
  const page = await openPage(await startBrowser(), 'secp256k1')
  const session = await grant(page)
  await page.addScriptTag({ content: injected })
  const stolen = await page.evaluate(async ({ id, chainId, account, address, origin }) => {
    const [row] = await storedRows<{ iv: Uint8Array<ArrayBuffer>; ciphertext: Uint8Array<ArrayBuffer> }>('keys')
    const [wrappingKey] = await storedRows<CryptoKey>('wrappingKeys')
    const additionalData = new TextEncoder().encode(JSON.stringify([1, id, chainId, account.toLowerCase(), address.toLowerCase(), origin]))
    const clear = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row!.iv, additionalData }, wrappingKey!, row!.ciphertext)
    return [...new Uint8Array(clear)]
  }, session)
  expect(privateKeyToAddress(`0x${Buffer.from(stolen).toString('hex')}`)).toBe(session.address)
})

test('a script in the page can sign with it while it is there: what it signs the chain takes, within the limits', async () => {
  const page = await openPage(await startBrowser())
  const session = await grant(page)
  await send(page, [shop.mint])
  await page.addScriptTag({ content: injected })
  const thief = newAccount()
  await shop.chain.setBalance(thief.address, parseEther('1'))
  const swords = await shop.swords()

  const steal = async (call: unknown, permission: number) => {
    const [redemption] = redemptionsFor(session.granted as DelegatedPermission[], encodeSessionCalls([call]), [{ permission }]) as readonly [Redemption]
    const leaf = leafTo(thief.address, session, redemption)
    const signature = await page.evaluate(async (hash) => {
      const [key] = await stolenKeys()
      return [...new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key!, new Uint8Array(hash)))]
    }, [...Buffer.from(hashTypedData(delegationTypedData(leaf, session.chainId)).slice(2), 'hex')])
    const delegations = [{ ...leaf, signature: asAccountReads(signature) }, ...redemption.delegations]
    const hash = await sendTransaction(shop.chain.client, { account: thief, chain: shop.chain.chain, to: framework.DelegationManager, data: encodeRedeemDelegations([{ ...redemption, delegations }]) })
    return (await shop.chain.client.waitForTransactionReceipt({ hash })).status
  }
  expect(await steal(shop.mint, 0)).toBe('success')
  expect(await shop.swords()).toBe(swords + 1n)
  await expect(steal(shop.pay(gold(1001), thief.address), 1)).rejects.toThrow(/allowance-exceeded/)
})

/** What the thief would have signed: this call by the session, for whoever the thief is. */
function leafTo(delegate: Address, session: Session, { delegations: [granted], execution }: Redemption) {
  const limits = [caveats.exactExecution(execution), caveats.callLimit(1), caveats.time({ until: session.expiry })]
  return { delegate, delegator: session.address, authority: hashDelegation(granted as Delegation), caveats: limits, salt: randomSalt() }
}

function asAccountReads(bytes: number[]): Hex {
  const signature: Hex = `0x${Buffer.from(bytes).toString('hex')}`
  const [r, s] = [hexToBigInt(slice(signature, 0, 32)), hexToBigInt(slice(signature, 32))]
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  return encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint256' }], [keccak256(stringToHex('session')), r, s > order / 2n ? order - s : s])
}

// ---- The script that got into the page: it has no handle of the app's, only the origin.

declare function storedRows<row>(store: string): Promise<row[]>
declare function stolenKeys(): Promise<CryptoKey[]>

const injected = `
function storedRows(store) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('react-session-keys')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const reading = opening.result.transaction(store).objectStore(store).getAll()
      reading.onerror = () => reject(reading.error)
      reading.onsuccess = () => (opening.result.close(), resolve(reading.result))
    }
  })
}
async function stolenKeys() {
  return (await storedRows('keys')).flatMap((row) => Object.values(row)).filter((value) => value instanceof CryptoKey)
}`
