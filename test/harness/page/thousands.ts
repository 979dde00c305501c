import { mockSession } from 'react-session-keys/testing'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { getAddress, toHex, type Address } from 'viem'
import { mockSessionKey } from '../../../src/testing/mockSession.js'
import type { SeedOfVersion1, SessionOfVersion1 } from './version1.js'

export type ThousandsParameters = {
  /** The first of them. */
  account: Address
  chainId: number
  accounts: number
  perAccount: number
}

const hourMs = 3_600_000

/** Accounts that have been here for long: one live session each, and all those that came before it. */
export function thousands({ account, chainId, accounts, perAccount }: ThousandsParameters): SeedOfVersion1[] {
  const owners = [account, ...Array.from({ length: accounts - 1 }, () => privateKeyToAddress(generatePrivateKey()))]
  return owners.flatMap((owner) => {
    const live = mockSession({ account: owner, chainId, name: 'shopping', origin: location.origin })
    const ended = mockSession({ account: owner, chainId, name: 'shopping', origin: location.origin, status: 'expired' })
    const before = Array.from({ length: perAccount - 1 }, (_, index) => ({
      ...ended,
      id: crypto.randomUUID(),
      address: getAddress(toHex(crypto.getRandomValues(new Uint8Array(20)))),
      createdAt: ended.createdAt - (index + 1) * hourMs,
    }))
    return [{ session: asVersion1(live), privateKey: mockSessionKey(live) }, ...before.map((session) => ({ session: asVersion1(session) }))]
  })
}

function asVersion1(session: ReturnType<typeof mockSession>): SessionOfVersion1 {
  return { ...session, v: 1, granted: session.granted.map(({ permission, context, delegationManager }) => ({ permission, context: context!, delegationManager: delegationManager! })) }
}
