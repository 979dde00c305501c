import type { Address } from 'viem'
import { usableStatuses, type SessionStatus } from '../../../src/sessions/status.js'
import { isRevoked, lostKeys } from '../keptKeys.js'
import type { CrashVariant } from './crashTest.js'

/**
 * The page grants a session and revokes it, again and again. What the chain says is revoked must not come back as usable;
 * what it says is not revoked must keep its key.
 */
export const revocationCrashes: CrashVariant = {
  longestMs: 1_200,
  killsPerUser: 20,
  start(harness) {
    const { wallet } = harness
    const settled = new Set<Address>()
    const lost = new Map<Address, string>()
    let unconfirmed = 0
    return {
      begin: (page) => page.evaluate(() => window.harness.revokeForever()),
      recover: (page) => page.evaluate(() => window.harness.reconcile()),
      async inspect(page, all) {
        await wallet.idle()
        const open: Address[] = []
        const revoked = new Set<Address>()
        for (const [address, contexts] of wallet.granted) {
          if (settled.has(address) && !all) continue
          if (await isRevoked(harness, contexts)) revoked.add(address)
          else open.push(address)
        }
        for (const [address, problem] of await lostKeys(page, open)) lost.set(address, `${address} is not revoked, but ${problem}`)
        const sessions = await page.evaluate(() => window.harness.sessions())
        for (const { address, shown } of sessions) {
          if (usableStatuses.includes(shown as SessionStatus) && revoked.has(address)) lost.set(address, `${address} is revoked, but is shown as ${shown}`)
        }
        for (const address of revoked) settled.add(address)
        unconfirmed = sessions.filter(({ status }) => status === 'requested' || status === 'unknown').length
      },
      report: () => ({ granted: wallet.granted.size, lost: [...lost.values()], unconfirmed }),
    }
  },
}
