import type { Page } from 'playwright-core'
import type { Address } from 'viem'
import { lostKeys } from '../keptKeys.js'
import type { CrashVariant } from './crashTest.js'

/**
 * The page asks for one session after another. Whatever the wallet granted, heard or not, must have its session and its key, and be
 * known as granted. What stays unconfirmed the wallet was never asked, or may still be asking its user.
 */
export const grantCrashes: CrashVariant = {
  longestMs: 600,
  killsPerUser: 20,
  start({ wallet }) {
    const found = new Set<Address>()
    const lost = new Map<Address, string>()
    let unconfirmed = 0
    const recover = (page: Page) => page.evaluate(() => window.harness.reconcile())
    return {
      begin: (page) => page.evaluate(() => window.harness.grantForever()),
      recover,
      async inspect(page, all) {
        // It may have said yes to a page that was gone already.
        await wallet.idle()
        if (all) await recover(page)
        const addresses = [...wallet.granted.keys()].filter((address) => all || !found.has(address))
        for (const address of addresses) found.add(address)
        for (const [address, problem] of await lostKeys(page, addresses)) lost.set(address, `${address} was granted, but ${problem}`)
        const sessions = await page.evaluate(() => window.harness.sessions())
        const open = sessions.filter(({ status }) => status === 'requested' || status === 'granted' || status === 'unknown')
        unconfirmed = open.length
        // The key is kept, but the user has no use of it: the wallet's list says that it was granted.
        const stuck = all ? open.filter(({ address }) => wallet.granted.has(address)) : []
        for (const { address, status } of stuck) lost.set(address, `${address} was granted, and is ${status} for good`)
      },
      report: () => ({ granted: wallet.granted.size, lost: [...lost.values()], unconfirmed }),
    }
  },
}
