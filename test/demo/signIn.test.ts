import { verifyMessage } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import { expect, test } from 'vitest'
import { createSignIn } from '../../demo/signIn.js'

const origin = 'http://127.0.0.1:5173'
const account = privateKeyToAccount(generatePrivateKey())

function start() {
  let now = 1_800_000_000_000
  const signIn = createSignIn({ client: { verifyMessage }, chainId: 31_337, origins: () => [origin], now: () => now })
  const nonce = async () => ((await (await signIn.handler(new Request(`${origin}/api/sign-in`))).json()) as { nonce: string }).nonce
  /** Signed and posted, by default as the page does. */
  async function post({ domain = '127.0.0.1:5173', uri = origin, chainId = 31_337, ...more }: { domain?: string; uri?: string; chainId?: number; nonce?: string; at?: string; type?: string } = {}) {
    const message = createSiweMessage({ address: account.address, domain, uri, chainId, version: '1', nonce: more.nonce ?? (await nonce()) })
    const body = JSON.stringify({ message, signature: await account.signMessage({ message }) })
    return signIn.handler(new Request(`${more.at ?? origin}/api/sign-in`, { method: 'POST', headers: { 'content-type': more.type ?? 'application/json' }, body }))
  }
  const accountOf = (response: Response) => signIn.accountOf(new Request(origin, { headers: { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' } }))
  return { nonce, post, accountOf, ask: () => signIn.handler(new Request(origin)), pass: (ms: number) => (now += ms) }
}

test('who signs for this page and this chain is signed in, for a week', async () => {
  const { post, accountOf, pass } = start()
  const answer = await post()
  expect([answer.status, accountOf(answer)]).toEqual([200, account.address])
  pass(7 * 86_400_000 - 1)
  expect(accountOf(answer)).toBe(account.address)
  pass(1)
  expect(accountOf(answer)).toBeUndefined()
})

test.each([
  ['another site, which posts it under its own host', { domain: 'evil.example', uri: 'https://evil.example', at: 'http://evil.example' }],
  ['another site in the uri', { uri: 'https://evil.example' }],
  ['another port', { domain: '127.0.0.1:9', uri: 'http://127.0.0.1:9' }],
  ['no site at all', { uri: 'urn:x' }],
  ['another chain', { chainId: 1 }],
  ['a form', { type: 'text/plain' }],
])('signed for %s it is refused', async (_, how) => {
  const answer = await start().post(how)
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null])
})

test('a nonce is good once, and for five minutes', async () => {
  const { nonce, post, pass } = start()
  const [once, late] = [await nonce(), await nonce()]
  expect((await post({ nonce: once })).status).toBe(200)
  expect((await post({ nonce: once })).status).toBe(401)
  pass(5 * 60_000)
  expect((await post({ nonce: late })).status).toBe(401)
})

test('a flood of nonces takes nobody’s away, and passes', async () => {
  const { nonce, post, ask, pass } = start()
  const mine = await nonce()
  let status = 200
  for (let asked = 0; asked < 20_000 && status === 200; asked += 1) ({ status } = await ask())
  expect(status).toBe(503)
  expect((await post({ nonce: mine })).status).toBe(200)
  pass(5 * 60_000)
  expect((await ask()).status).toBe(200)
})
