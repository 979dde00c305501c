import type { Page } from 'playwright-core'
import type { Browser } from '../../../scripts/browser.mjs'
import { startBrowser, visitHarness, withProfile } from '../browserProcess.js'
import { createRandom } from '../random.js'
import { startHarness, type HarnessServer } from '../startHarness.js'
import { grantCrashes } from './grantCrashes.js'
import { migrationCrashes } from './migrationCrashes.js'
import { revocationCrashes } from './revocationCrashes.js'

export const crashVariants = { grant: grantCrashes, migration: migrationCrashes, revocation: revocationCrashes } as const satisfies Record<string, CrashVariant>

/** What the page does when it dies, and what has to hold when it is back. */
export type CrashVariant = {
  /** A kill comes at a random moment up to so long after the page was set to work. */
  longestMs: number
  /** Another user every so many kills: a wallet that has granted to one of them a thousand times takes long to list it. */
  killsPerUser?: number | undefined
  start(harness: HarnessServer): CrashRun | Promise<CrashRun>
}

export type CrashRun = {
  /** Where the page opens; the same until it has been inspected. Default: the harness's own address. */
  url?(): string
  /** Sets the page to work; resolves at once. */
  begin(page: Page): Promise<void>
  /** What an app does when it is back. */
  recover(page: Page): Promise<void>
  /** Looks at what the browser kept. `all`: also at what was found in order before, and it is the last time for this user. */
  inspect(page: Page, all: boolean): Promise<void>
  /** `lost`: what is wrong, a sentence for each. */
  report(): { granted: number; lost: readonly string[]; unconfirmed: number }
}

export type CrashTestParameters = {
  browser: Browser
  variant: keyof typeof crashVariants
  kills: number
  /** The same seed kills at the same moments, as far as the machine is as fast. */
  seed: number
  onKill?: ((kills: number) => void) | undefined
}

export type CrashReport = { kills: number; granted: number; lost: readonly string[]; unconfirmed: number }

/**
 * Kills a working browser with SIGKILL at random moments and starts it again on the same profile, until it was killed as
 * often as asked; then holds what the browser kept against what the wallet and the chain say.
 */
export async function crashTest({ browser, variant, kills, seed, onKill }: CrashTestParameters): Promise<CrashReport> {
  const random = createRandom(seed)
  const { longestMs, killsPerUser = Infinity, start }: CrashVariant = crashVariants[variant]
  const harness = await startHarness()
  try {
    const run = await start(harness)
    const open = async (opened: Awaited<ReturnType<typeof startBrowser>>) => {
      const page = await opened.open(run.url?.() ?? harness.url)
      await run.recover(page)
      return page
    }
    return await withProfile(async (profile) => {
      let since = 0
      for (let killed = 1; killed <= kills; killed += 1) {
        const started = await startBrowser(browser, profile)
        const opening = open(started)
        // One in five dies while it starts again: what recovers may be interrupted like anything else.
        if (random() < 0.2) opening.catch(() => undefined)
        else {
          const page = await opening
          const turns = killed - since >= killsPerUser
          await run.inspect(page, turns)
          if (turns) {
            since = killed
            harness.wallet.nextUser()
            await visitHarness(page, harness.url)
          }
          await run.begin(page)
        }
        await at(random() * longestMs)
        await started.kill()
        onKill?.(killed)
      }
      const last = await startBrowser(browser, profile)
      try {
        await run.inspect(await open(last), true)
      } finally {
        await last.kill()
      }
      return { kills, ...run.report() }
    })
  } finally {
    await harness.stop()
  }
}

/** The moment of a kill: chance, so there is nothing to wait for. */
function at(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
