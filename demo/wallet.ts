/**
 * The player's wallet, as an embedded-wallet vendor would put it into the page. The app does not import this key, does
 * not see it and cannot sign with it: it gets a connector and asks.
 *
 * DEMO-GRADE CUSTODY. The owner's key is made here and kept in clear in this origin's localStorage, so that the demo
 * needs no account and no network. A real wallet keeps it in another origin's frame, in an enclave, in shares or behind
 * a passkey. What the kit does with SESSION keys is another matter: those are sealed (`src/keys`).
 */
import { embeddedWallet } from 'react-session-keys/wallet'
import type { Chain, Hex, LocalAccount } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import type { CreateConnectorFn } from 'wagmi'

const storagePrefix = 'forge-wallet.owner-key.'

/** A wallet whose owner exists as long as the chain does: each start of the demo is a new one. */
export function playerWallet({ chain, runId, sponsor }: { chain: Chain; runId: string; sponsor: string }): CreateConnectorFn {
  return embeddedWallet({
    owner: () => loadOwner(runId),
    chain,
    sponsor,
    app: { name: 'The Forge' },
    name: 'Forge wallet',
  }) as CreateConnectorFn
}

/**
 * The vendor's sign-in, which asks nobody: it says to the page's own server whose account this is (ERC-4361), and allows nothing. The domain
 * is the page's, which the vendor sees; the app cannot choose it.
 */
export async function signInMessage({ chainId, runId, nonce }: { chainId: number; runId: string; nonce: string }): Promise<{ message: string; signature: Hex }> {
  const owner = await loadOwner(runId)
  const { host: domain, origin: uri } = location
  const message = createSiweMessage({ address: owner.address, chainId, domain, nonce, uri, version: '1', statement: 'Sign in to The Forge.' })
  return { message, signature: await owner.signMessage({ message }) }
}

async function loadOwner(runId: string): Promise<LocalAccount> {
  const key = storagePrefix + runId
  for (const old of Object.keys(localStorage)) {
    if (old.startsWith(storagePrefix) && old !== key) localStorage.removeItem(old)
  }
  const stored = localStorage.getItem(key) as `0x${string}` | null
  const secret = stored ?? generatePrivateKey()
  if (!stored) localStorage.setItem(key, secret)
  return privateKeyToAccount(secret)
}
