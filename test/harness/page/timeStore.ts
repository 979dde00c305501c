import { createIndexedDbStore, createSessionKeyConfig, getSessionKey, type SessionKeyConfig } from 'react-session-keys/actions'
import type { Address } from 'viem'

/** In ms, one for each round. */
export type StoreTimes = {
  /** From nothing to the live session: the database opened, the account's sessions read, the one that fits chosen. */
  active: number[]
  /** The first page of the account's sessions, from an open database. */
  firstPage: number[]
  /** All rows of all accounts, for comparison; once. */
  everything: number
}

export async function timeStore({ wagmi }: SessionKeyConfig, account: Address, { name, rounds, perPage = 50 }: { name: string; rounds: number; perPage?: number }): Promise<StoreTimes> {
  const times: StoreTimes = { active: [], firstPage: [], everything: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const store = createIndexedDbStore({ name })
    const config = createSessionKeyConfig({ wagmi, store })
    let begun = performance.now()
    const { status, whole } = await shown(config, account)
    times.active.push(performance.now() - begun)
    if (status !== 'active' && status !== 'exhausted') throw new Error(`The session is ${status}.`)

    await whole
    begun = performance.now()
    const page = await config.sessions.find({ account, limit: perPage })
    times.firstPage.push(performance.now() - begun)
    if (page.length !== perPage) throw new Error(`The page has ${page.length} sessions.`)
    await store.reopen?.()
  }
  const begun = performance.now()
  await createIndexedDbStore({ name }).list()
  times.everything = performance.now() - begun
  return times
}

/** What a hook shows first that is an answer. */
async function shown(config: SessionKeyConfig, account: Address) {
  const whole = config.sessions.load(account)
  const status = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const { status } = getSessionKey(config, { session: 'shopping' })
      if (status !== 'hydrating') resolve(status)
    }
    config.sessions.watch(look)
    whole.then(look, reject)
  })
  return { status, whole }
}
