/** Two tabs of one browser that send with the same key at the same moment. */
import { fileURLToPath } from 'node:url'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { encodeSessionCalls } from '../../src/actions/sessionCalls.js'
import { caveats } from '../../src/delegation/caveats.js'
import { delegationTypedData, randomSalt } from '../../src/delegation/delegation.js'
import { rootAuthority } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations } from '../../src/delegation/redeem.js'
import { serveFetch, type ServedFetch } from '../../src/testing/chain/serveFetch.js'
import { startBrowser, withProfile } from '../harness/browserProcess.js'
import { startShop } from '../startShop.js'

let world: Awaited<ReturnType<typeof startShop>>
let served: ServedFetch

beforeAll(async () => {
  world = await startShop()
  // A first grant makes the player's account a smart account.
  await world.grant()
  const script = await bundle()
  served = await serveFetch(async (request) => {
    if (request.method === 'POST') return fetch(world.chain.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: await request.text() }).then(async (answer) => new Response(await answer.text(), { headers: { 'content-type': 'application/json' } }))
    if (new URL(request.url).pathname === '/tab.js') return new Response(script, { headers: { 'content-type': 'text/javascript' } })
    return new Response('<!doctype html><title>Tab</title><script type="module" src="/tab.js"></script>', { headers: { 'content-type': 'text/html' } })
  })
})
afterAll(async () => {
  await served?.close()
  await world?.stop()
})

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../browser/keyTab.ts', import.meta.url))
  const built = await build({ configFile: false, logLevel: 'error', build: { write: false, minify: false, target: 'es2022', lib: { entry, formats: ['es'] } } })
  const [{ output }] = built as [Rolldown.RolldownOutput]
  return output[0].code
}

/** A key that may mint, as often as it likes. */
async function mintingKey() {
  const privateKey = generatePrivateKey()
  const { address } = privateKeyToAccount(privateKey)
  await world.chain.setBalance(address, parseEther('10'))
  const [execution] = encodeSessionCalls([world.mint])
  if (!execution) throw new Error('no call')
  const unsigned = { delegate: address, delegator: world.player, authority: rootAuthority, caveats: [caveats.exactExecution(execution)], salt: randomSalt() } as const
  const delegation = { ...unsigned, signature: await world.owner.signTypedData(delegationTypedData(unsigned, world.chain.chain.id)) }
  return { address, privateKey, data: encodeRedeemDelegations([{ delegations: [delegation], execution }]) }
}

test('each of theirs happens exactly once; one tab alone needs one request for each, two ask the chain which number is next', () =>
  withProfile(async (profile) => {
    const browser = await startBrowser(await findBrowser(), profile)
    try {
      const { address, privateKey, data } = await mintingKey()
      const open = async () => {
        const page = await browser.context.newPage()
        await page.goto(served.url)
        await page.waitForFunction(() => 'keyTab' in window)
        return { send: (count: number) => page.evaluate((request) => window.keyTab.send(request), { privateKey, data, count }) }
      }
      const one = await open()
      const other = await open()
      const before = await world.swords()

      await one.send(1)
      for (let action = 1; action <= 3; action += 1) expect((await one.send(1)).asked).toEqual(['eth_sendRawTransactionSync'])

      await other.send(1)
      const both = await Promise.all([one.send(10), other.send(10)])
      const hashes = both.flatMap((sent) => sent.hashes)
      expect(new Set(hashes).size).toBe(20)
      expect((await world.swords()) - before).toBe(25n)
      expect(await world.chain.client.getTransactionCount({ address })).toBe(25)
      for (const { asked } of both) {
        expect(asked.filter((method) => method === 'eth_getTransactionCount')).toHaveLength(10)
        expect(asked.filter((method) => method.startsWith('eth_sendRawTransaction'))).toEqual(Array.from({ length: 10 }, () => 'eth_sendRawTransaction'))
      }
    } finally {
      await browser.kill()
    }
  }))
