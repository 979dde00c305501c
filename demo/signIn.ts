import { randomBytes } from 'node:crypto'
import { getAddress, isHex, type Address, type PublicClient } from 'viem'
import { generateSiweNonce, parseSiweMessage, validateSiweMessage } from 'viem/siwe'
import { createExpiringMap } from './expiring.js'
import { isJson } from './isJson.js'

export type SignInParameters = {
  client: Pick<PublicClient, 'verifyMessage'>
  chainId: number
  /** Where the page is, as whoever serves it knows: what a request says of itself, such as its host, may be another site's word. */
  origins: () => readonly string[]
  /** In ms. @default the system's clock */
  now?: (() => number) | undefined
}

export type SignIn = {
  /** GET gives a nonce; POST takes a signed message (ERC-4361) that has it, and sets the cookie. */
  handler: (request: Request) => Promise<Response>
  /** Whose cookie the request carries. */
  accountOf: (request: Request) => Address | undefined
}

const cookieName = 'forge-sign-in'
const most = 10_000
/** A page asks for one and uses it at once. */
const nonceLifetimeMs = 5 * 60_000
const signInLifetimeSeconds = 7 * 86_400

/** Sign-In with Ethereum: an account is believed to be somebody's who has signed with it, for this page and this chain, just now. */
export function createSignIn({ client, chainId, origins, now = Date.now }: SignInParameters): SignIn {
  const nonces = createExpiringMap<true>({ most, lifetimeMs: nonceLifetimeMs, now })
  const accounts = createExpiringMap<Address>({ most, lifetimeMs: signInLifetimeSeconds * 1000, now })

  function offer(): Response {
    const nonce = generateSiweNonce()
    return nonces.set(nonce, true) ? Response.json({ nonce }) : busy()
  }

  async function accept(request: Request): Promise<Response> {
    if (!isJson(request)) return refused()
    const { message, signature } = ((await request.json().catch(() => undefined)) ?? {}) as { message?: unknown; signature?: unknown }
    if (typeof message !== 'string' || !isHex(signature)) return refused()
    const said = parseSiweMessage(message)
    const isFresh = said.nonce !== undefined && nonces.take(said.nonce) === true
    if (!isFresh || !said.address || said.chainId !== chainId || !isForThisPage(said)) return refused()
    if (!(await client.verifyMessage({ address: said.address, message, signature }))) return refused()
    const token = randomBytes(32).toString('base64url')
    if (!accounts.set(token, getAddress(said.address))) return busy()
    const cookie = `${cookieName}=${token}; Path=/api; Max-Age=${signInLifetimeSeconds}; HttpOnly; SameSite=Strict`
    return Response.json({ account: said.address }, { headers: { 'set-cookie': cookie } })
  }

  function isForThisPage(said: ReturnType<typeof parseSiweMessage>): boolean {
    const origin = origins().find((one) => said.uri !== undefined && URL.canParse(said.uri) && new URL(said.uri).origin === one)
    return origin !== undefined && validateSiweMessage({ message: said, domain: new URL(origin).host, time: new Date(now()) })
  }

  return {
    handler: async (request) => (request.method === 'POST' ? accept(request) : offer()),
    accountOf(request) {
      const cookies = request.headers.get('cookie')?.split('; ') ?? []
      const token = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1)
      return token === undefined ? undefined : accounts.get(token)
    },
  }
}

function refused(): Response {
  return Response.json({ error: 'That signature says nothing of this page and this moment.' }, { status: 401 })
}

function busy(): Response {
  return Response.json({ error: 'Too many sign in at once: try again in some minutes.' }, { status: 503 })
}
