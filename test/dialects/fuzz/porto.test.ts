import { expect, test } from 'vitest'
import type { WalletAbilities } from '../../../src/dialects/dialect.js'
import { planGrant } from '../../../src/dialects/planGrant.js'
import { porto } from '../../../src/dialects/porto.js'
import type { Permission } from '../../../src/permissions/permission.js'
import { judgeAnswer } from '../../../src/sessions/judgeAnswer.js'
import { repeats } from '../../harness/repeats.js'
import { askable, delegate, requestFor } from './askedFor.js'
import { fuzzAnswers, type FuzzCase } from './fuzzAnswers.js'

/** What an app asks that takes every loss, and Porto's echo of it. */
function honest(permissions: readonly Permission[]): FuzzCase {
  const abilities: WalletAbilities = { list: true }
  const acceptLosses = permissions.flatMap((_, index) => ['startTime', 'payee', 'functions[1].args'].map((field) => `permissions[${index}].${field}`))
  const { expressed } = planGrant({ dialect: porto, abilities, permissions, acceptLosses, chainId: 31_337, wallet: 'Porto' })
  const request = requestFor(expressed)
  const answer: Record<string, unknown> = { ...porto.encodeGrant(request).params[0], id: delegate.toLowerCase() }
  delete answer['feeToken']
  return { request, asked: expressed, answer }
}

const { pinned, whole, periodic } = askable
/** Porto counts no calls, and is asked for none. */
const call = { ...askable.call, callLimit: undefined }
const cases = [honest([call]), honest([pinned, periodic]), honest([whole]), honest([periodic, call])]

test.each(cases)('honest answer %#: taken', (one) => {
  expect(judgeAnswer({ dialect: porto, ...one })).toMatchObject({ status: 'active', problem: undefined, handle: delegate.toLowerCase() })
})

const runs = repeats(40_000)

test(`of ${runs} mutated answers none is taken for more or for something else`, () => {
  const { active, quarantined, unreadable, wrong } = fuzzAnswers(porto, cases, { runs, seed: 2026 })
  expect(wrong).toEqual([])
  expect(active + quarantined + unreadable).toBe(runs)
  // Each way out was taken often, so the mutations reach everywhere.
  expect(Math.min(active, quarantined, unreadable)).toBeGreaterThan(repeats(400))
}, 300_000)
