import type { SessionKeyConfig } from 'react-session-keys'
import { createIndexedDbStore, createSessionKeyConfig, getSessionKey, grantPermissions, reconcileSessions, revokePermissions, sendSessionCalls, type Session } from 'react-session-keys/actions'
import type { Address } from 'viem'
import { swordAbi } from '../../../demo/contracts/artifacts.js'
import { shopping } from './definitions.js'
import type { Harness, HarnessInfo, SessionView } from './harnessApi.js'
import { plant } from './plant.js'
import { readPage, type ReadablePage } from './readPage.js'
import { writeVersion1 } from './version1.js'

type HarnessParts = { config: SessionKeyConfig; account: Address; info: HarnessInfo; page: ReadablePage }

export function createHarness({ config, account, info, page }: HarnessParts): Harness {
  const grant = async (name?: string) => viewOf(config, (await grantPermissions(config, shopping(info, name))).session)
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
    async sign(addresses, message) {
      const sessions = new Map((await config.sessions.find()).map((session) => [session.address, session]))
      return Promise.all(addresses.map((address) => signAs(config, sessions.get(address), message)))
    },
    writeVersion1,
    openStore: (name) => void createSessionKeyConfig({ wagmi: config.wagmi, store: createIndexedDbStore({ name }) }).sessions.find(),
    settled: async () => [...page.settled],
    read: () => readPage(page),
    plant: (place, secret) => plant(page, place, secret),
  }
}

async function signAs(config: SessionKeyConfig, session: Session | undefined, message: string) {
  if (!session) return { problem: 'there is no session' }
  try {
    const signer = await config.sessions.signer(session)
    if (signer.type === 'contract') return { problem: 'its key signs no messages' }
    return { signature: await signer.signMessage({ message }) }
  } catch (error) {
    return { problem: `${session.status}: ${(error as Error).message}` }
  }
}

async function forever(step: () => Promise<unknown>): Promise<never> {
  for (;;) await step()
}

function viewOf(config: SessionKeyConfig, { id, rev, status, name, account, address, granted }: Session): SessionView {
  const { status: shown } = getSessionKey(config, { session: id })
  return { id, rev, status, shown, name, account, address, contexts: granted.flatMap(({ context }) => context ?? []) }
}
