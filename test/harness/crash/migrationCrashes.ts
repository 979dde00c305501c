import type { Address } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { erc7715 } from '../../../src/dialects/erc7715.js'
import { hashPermissions } from '../../../src/permissions/hashPermissions.js'
import type { GrantedExecutionPermission } from '../../../src/wallet/grantsStore.js'
import { lostKeys } from '../keptKeys.js'
import { shopping } from '../page/definitions.js'
import type { SeedOfVersion1 } from '../page/version1.js'
import type { HarnessServer } from '../startHarness.js'
import type { CrashVariant } from './crashTest.js'

const sessionsPerDatabase = 60

/** The page opens a database of the first layout, full of live sessions, a new one each time. Whatever was in it must be there still. */
export const migrationCrashes: CrashVariant = {
  longestMs: 150,
  async start(harness) {
    const seeds = await sessionsOfVersion1(harness)
    const addresses = seeds.map(({ session }) => session.address)
    const lost = new Map<string, string>()
    let databases = 0
    let unconfirmed = 0
    const name = () => `migration-${databases}`
    return {
      url: () => (databases === 0 ? harness.url : `${harness.url}?store=${name()}`),
      async begin(page) {
        databases += 1
        await page.evaluate(([store, rows]) => window.harness.writeVersion1(store, rows), [name(), seeds] as const)
        await page.evaluate((store) => window.harness.openStore(store), name())
      },
      recover: (page) => page.evaluate(() => window.harness.reconcile()),
      async inspect(page) {
        if (databases === 0) return
        for (const [address, problem] of await lostKeys(page, addresses)) lost.set(`${name()} ${address}`, `${address} of ${name()}: ${problem}`)
        const sessions = await page.evaluate(() => window.harness.sessions())
        for (const address of addresses.filter((one) => !sessions.some((session) => session.address === one && session.shown === 'active'))) {
          lost.set(`${name()} ${address}`, `${address} of ${name()} is not shown as active any more`)
        }
        unconfirmed += sessions.filter(({ status }) => status === 'requested' || status === 'unknown').length
      },
      report: () => ({ granted: databases * seeds.length, lost: [...lost.values()], unconfirmed }),
    }
  },
}

/** Really granted by the wallet; stored as the kit of then would have. */
async function sessionsOfVersion1(harness: HarnessServer): Promise<SeedOfVersion1[]> {
  const seeds: SeedOfVersion1[] = []
  while (seeds.length < sessionsPerDatabase) seeds.push(await grantedSeed(harness, seeds.length))
  return seeds
}

async function grantedSeed({ wallet, url, chain, info }: HarnessServer, index: number): Promise<SeedOfVersion1> {
  const privateKey = generatePrivateKey()
  const address: Address = privateKeyToAddress(privateKey)
  const { permissions, name = 'default' } = shopping(info)
  const { timestamp } = await chain.client.getBlock()
  const terms = { permissions, expiry: Number(timestamp) + 86_400 }
  const common = { chainId: chain.chain.id, account: wallet.account }
  const rows = (await wallet.request(erc7715.encodeGrant({ ...common, delegate: address, ...terms }))) as readonly GrantedExecutionPermission[]
  return {
    privateKey,
    session: {
      ...{ id: crypto.randomUUID(), v: 1, rev: 1, status: 'active', name, permissionsHash: hashPermissions(permissions), dialect: erc7715.id },
      ...{ origin: new URL(url).origin, ...common, address, asked: terms, expiry: terms.expiry },
      granted: rows.map(({ context, delegationManager }, row) => ({ permission: permissions[row]!, context, delegationManager })),
      ...{ createdAt: index, updatedAt: index },
    },
  }
}
