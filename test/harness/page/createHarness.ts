import type { SessionKeyConfig } from 'react-session-keys'
import { createIndexedDbStore, createSessionKeyConfig, getSessionKey, grantPermissions, reconcileSessions, revokePermissions, sendSessionCalls, type Session } from 'react-session-keys/actions'
import type { Address } from 'viem'
import { swordAbi } from '../../../demo/contracts/artifacts.js'
import { isKeyless } from '../../../src/sessions/session.js'
import { proof } from '../proof.js'
import { shopping } from './definitions.js'
import type { Harness, HarnessInfo, SessionView, Signed } from './harnessApi.js'
import { plant } from './plant.js'
import { readPage, type ReadablePage } from './readPage.js'
import { newSession, storm } from './storm.js'
import { thousands } from './thousands.js'
import { timeStore } from './timeStore.js'
import { writeVersion1 } from './version1.js'

type HarnessParts = { config: SessionKeyConfig; account: Address; info: HarnessInfo; page: ReadablePage }

export function createHarness({ config, account, info, page }: HarnessParts): Harness {
  const grant: Harness['grant'] = async (name, lasting) => viewOf(config, (await grantPermissions(config, shopping(info, name, lasting))).session)
  const configFor = (name: string) => createSessionKeyConfig({ wagmi: config.wagmi, store: createIndexedDbStore({ name }) })
  const revoke = async (id: string) => void (await revokePermissions(config, { id }))

  return {
    account,
    grant,
    grantForever: () => void forever(() => grant()),
    revokeForever: () => void forever(async () => revoke((await grant()).id)),
    async mint(swords, name) {
      const mint = { to: info.sword, abi: swordAbi, functionName: 'mint', args: [account] } as const
      const { transactionHash } = await sendSessionCalls(config, { session: shopping(info, name), calls: Array.from({ length: swords }, () => mint) })
      return transactionHash
    },
    revoke,
    reconcile: async () => void (await reconcileSessions(config)),
    sessions: async () => {
      // So that the app sees them all as well.
      await config.sessions.load(account, { limit: Infinity })
      return (await config.sessions.find()).map((session) => viewOf(config, session))
    },
    sign: (addresses, store) => signAs(store === undefined ? config : configFor(store), addresses),
    storm: (parameters) => storm(config, account, parameters),
    stored: async () => (await config.sessions.find()).map((session) => ({ ...viewOf(config, session), mark: session.problem, keyless: isKeyless(session) })),
    async picture() {
      const { list, hook } = page.shown
      const { status, session } = getSessionKey(config, { session: 'storm' })
      return { list: list.map(({ id, rev, status }) => ({ id, rev, status })), hook, key: { status, id: session?.id, rev: session?.rev } }
    },
    createIn: async (name) => (await configFor(name).sessions.open(newSession(account, name), { lifetimeSeconds: 86_400 })).address,
    writeVersion1,
    writeThousands: (store, counts) => writeVersion1(store, thousands({ account, chainId: info.chainId, ...counts })),
    timeStore: (name, rounds, perPage) => timeStore(config, account, { name, rounds, ...(perPage === undefined ? {} : { perPage }) }),
    renders: async () => page.shown.renders,
    async changeOthers(accounts) {
      const live = await config.sessions.find({ statuses: ['active', 'exhausted'], expiresBefore: Infinity })
      const others = live.filter((session) => session.account !== account).slice(0, accounts)
      for (const session of others) await config.sessions.transition(session, session.status === 'active' ? 'exhausted' : 'active')
      return others.length
    },
    async changeOwn() {
      const [session] = await config.sessions.find({ account, statuses: ['active'] })
      await config.sessions.transition(session!, 'exhausted')
    },
    openStore: (name) => void configFor(name).sessions.find(),
    settled: async () => [...page.settled],
    read: () => readPage(page),
    plant: (place, secret) => plant(page, place, secret),
  }
}

async function signAs(config: SessionKeyConfig, addresses: readonly Address[]): Promise<Signed[]> {
  const sessions = new Map((await config.sessions.find()).map((session) => [session.address, session]))
  return Promise.all(
    addresses.map(async (address) => {
      const session = sessions.get(address)
      if (!session) return { problem: 'there is no session' }
      try {
        const signer = await config.sessions.signer(session)
        return { signature: await signer.signTypedData(proof) }
      } catch (error) {
        return { problem: `${session.status}: ${(error as Error).message}` }
      }
    }),
  )
}

async function forever(step: () => Promise<unknown>): Promise<never> {
  for (;;) await step()
}

function viewOf(config: SessionKeyConfig, { id, rev, status, name, account, address, granted }: Session): SessionView {
  const { status: shown } = getSessionKey(config, { session: id })
  return { id, rev, status, shown, name, account, address, contexts: granted.flatMap(({ context }) => context ?? []) }
}
