import { randomBytes } from 'node:crypto'
import { getAddress, isHex, type Address, type PublicClient } from 'viem'
import { generateSiweNonce, parseSiweMessage, validateSiweMessage } from 'viem/siwe'

export type SignIn = {
  /** GET gives a nonce; POST takes a signed message (ERC-4361) that has it, and sets the cookie. */
  handler: (request: Request) => Promise<Response>
  /** Whose cookie the request carries. */
  accountOf: (request: Request) => Address | undefined
}

const cookieName = 'forge-sign-in'
/** A page asks for one and uses it at once. */
const mostNonces = 1_000

/** Sign-In with Ethereum: an account is believed to be somebody's who has signed with it, for this page, just now. */
export function createSignIn(client: Pick<PublicClient, 'verifyMessage'>): SignIn {
  const nonces = new Set<string>()
  const accounts = new Map<string, Address>()

  function offer(): Response {
    const nonce = generateSiweNonce()
    nonces.add(nonce)
    for (const oldest of nonces) {
      if (nonces.size <= mostNonces) break
      nonces.delete(oldest)
    }
    return Response.json({ nonce })
  }

  async function accept(request: Request): Promise<Response> {
    const { message, signature } = (await request.json().catch(() => ({}))) as { message?: unknown; signature?: unknown }
    const said = typeof message === 'string' ? parseSiweMessage(message) : undefined
    const isFresh = said?.nonce !== undefined && nonces.delete(said.nonce)
    const { host } = new URL(request.url)
    if (typeof message !== 'string' || !isHex(signature) || !said?.address || !isFresh || !validateSiweMessage({ message: said, domain: host })) return refused()
    if (!(await client.verifyMessage({ address: said.address, message, signature }))) return refused()
    const token = randomBytes(32).toString('base64url')
    accounts.set(token, getAddress(said.address))
    return Response.json({ account: said.address }, { headers: { 'set-cookie': `${cookieName}=${token}; Path=/api; HttpOnly; SameSite=Strict` } })
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
