/** Two tabs of one browser, at work on the same sessions at the same moment, and not one operation lost. */
import type { Page } from 'playwright-core'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'
import { openStatuses } from '../../src/sessions/status.js'
import { startBrowser, withProfile } from '../harness/browserProcess.js'
import { lostKeys } from '../harness/keptKeys.js'
import type { StoredView } from '../harness/page/harnessApi.js'
import type { StormLog } from '../harness/page/storm.js'
import { repeats } from '../harness/repeats.js'
import { startHarness, type HarnessServer } from '../harness/startHarness.js'

const operations = repeats(10_000)
const newStores = repeats(30)
const sameGrants = repeats(20)
const stormOperations = operations - 2 * newStores - 2 * sameGrants

let harness: HarnessServer
beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness?.stop())

test(`two tabs, ${operations} operations: lost updates 0`, { timeout: 300_000 }, () =>
  withProfile(async (profile) => {
    const browser = await startBrowser(await findBrowser(), profile)
    try {
      const tabs = [await browser.open(harness.url), await browser.open(harness.url)] as const
      await firstUseOfAStore(tabs)
      await grantsOfTheSame(tabs)
      await stormOver(tabs)
    } finally {
      await browser.kill()
    }
  }),
)

type Tabs = readonly [Page, Page]

function together<result>(tabs: Tabs, work: (page: Page, index: number) => Promise<result>): Promise<[result, result]> {
  return Promise.all([work(tabs[0], 0), work(tabs[1], 1)])
}

/** Both make the wrapping key at once: there may be only one, or the other tab's keys would not open. */
async function firstUseOfAStore(tabs: Tabs) {
  for (let count = 0; count < newStores; count += 1) {
    const name = `new-${count}`
    const addresses = await together(tabs, (page) => page.evaluate((store) => window.harness.createIn(store), name))
    const lost = await together(tabs, (page) => lostKeys(page, addresses, name))
    expect(lost.map((one) => [...one]), name).toEqual([[], []])
  }
}

/** Both ask for the same at once: the user is asked once, for one key, and both get that session. */
async function grantsOfTheSame(tabs: Tabs) {
  const names = Array.from({ length: sameGrants }, (_, count) => `same-${count}`)
  for (const [count, name] of names.entries()) {
    const [one, other] = await together(tabs, (page) => page.evaluate((session) => window.harness.grant(session), name))
    expect(one.address, name).toBe(other.address)
    expect(harness.wallet.granted.size, 'keys that the wallet was shown').toBe(count + 1)
  }
  const stored = await tabs[0].evaluate(() => window.harness.stored())
  expect(stored.map(({ name, address }) => [name, harness.wallet.granted.has(address)]).sort()).toEqual(names.map((name) => [name, true]).sort())
}

async function stormOver(tabs: Tabs) {
  const logs = await together(tabs, (page, tab) =>
    page.evaluate((parameters) => window.harness.storm(parameters), { tab: `tab${tab}`, seed: 20_261_125 + tab, operations: stormOperations / 2 }),
  )
  const stored = await tabs[0].evaluate(() => window.harness.stored())
  expect(logs.flatMap(({ problems }) => problems)).toEqual([])
  expect(lostUpdates(logs, stored), 'lost updates').toEqual([])

  const storm = stored.filter(({ name }) => name === 'storm')
  expect(storm.length).toBe(logs.flatMap(({ created }) => created).length)
  const refused = logs.reduce((sum, log) => sum + log.refused, 0)
  expect(refused, 'the tabs did get in each other’s way').toBeGreaterThan(repeats(100))
  await keysFitStatuses(tabs, storm)
  await samePicture(tabs, stored)
  const changes = logs.flatMap(({ changed }) => changed).length
  console.log(`operations ${operations} created ${storm.length} changed ${changes} refused ${refused} lost updates ${lostUpdates(logs, stored).length}`)
}

type Stored = readonly StoredView[]

/** Whatever a tab was told is done must be in the store, or under what was written on top of it. A sentence for each that is not. */
function lostUpdates(logs: readonly StormLog[], stored: Stored): string[] {
  const created = new Map(logs.flatMap((log) => log.created).map((one) => [one.id, one]))
  const problems = [...created.keys()].filter((id) => !stored.some((session) => session.id === id)).map((id) => `${id} was created and is not there`)
  const changes = logs.flatMap((log) => log.changed)
  for (const { id, rev, mark } of stored) {
    const history = changes.filter((change) => change.id === id).sort((a, b) => a.rev - b.rev)
    if (history.length !== (created.has(id) ? rev : 0)) problems.push(`${id} was changed ${history.length} times and has revision ${rev}`)
    let before = created.get(id)?.mark
    for (const [index, change] of history.entries()) {
      if (change.rev !== index + 1) problems.push(`${id}: revision ${change.rev} was written twice, or one before it never`)
      if (change.onMark !== before) problems.push(`${id}: ${change.mark} was written over ${before} unseen`)
      before = change.mark
    }
    if (created.has(id) && mark !== before) problems.push(`${id} should say ${before} and says ${mark}`)
  }
  return problems
}

/** A key for each session that may need one, the same in both tabs; none where it is to be gone. */
async function keysFitStatuses(tabs: Tabs, stored: Stored) {
  const [gone, kept] = [true, false].map((wanted) => stored.filter(({ keyless }) => keyless === wanted).map(({ address }) => address)) as [Address[], Address[]]
  expect(gone.length).toBeGreaterThan(0)
  const lost = await together(tabs, (page) => lostKeys(page, kept))
  expect(lost.map((one) => [...one])).toEqual([[], []])
  expect([...(await lostKeys(tabs[0], gone)).keys()]).toEqual(gone)
}

async function samePicture(tabs: Tabs, stored: Stored) {
  const picture = (page: Page) => page.evaluate(() => window.harness.picture())
  const revisions = new Map(stored.map(({ id, rev, status }) => [id, `${rev} ${status}`]))
  await expect
    .poll(async () => {
      const [one, other] = await together(tabs, picture)
      const behind = [...one.list, ...other.list].filter(({ id, rev, status }) => revisions.get(id) !== `${rev} ${status}`)
      return { behind, same: JSON.stringify(one) === JSON.stringify(other), hookIsAction: [one, other].every(({ hook, key }) => JSON.stringify(hook) === JSON.stringify(key)) }
    })
    .toEqual({ behind: [], same: true, hookIsAction: true })
  const [{ list, hook }] = await together(tabs, picture)
  const open = stored.filter(({ status }) => openStatuses.includes(status))
  expect(open.filter(({ id }) => !list.some((shown) => shown.id === id)), 'all that have not ended are shown').toEqual([])
  expect(hook.status).not.toBe('none')
}
