import { maxUint256 } from 'viem'
import { expect, test } from 'vitest'
import { openfort } from '../../../src/dialects/openfort.js'
import { planGrant } from '../../../src/dialects/planGrant.js'
import type { ContractCallPermission, Permission } from '../../../src/permissions/permission.js'
import { judgeAnswer } from '../../../src/sessions/judgeAnswer.js'
import { repeats } from '../../harness/repeats.js'
import { askable, requestFor } from './askedFor.js'
import { fuzzAnswers, type FuzzCase } from './fuzzAnswers.js'

/** What an app asks that takes every loss, and Openfort's answer: rebuilt from its whitelist. */
function honest(permissions: readonly Permission[]): FuzzCase {
  const acceptLosses = permissions.flatMap((_, index) => ['functions', 'valueLimit', 'startTime'].map((field) => `permissions[${index}].${field}`))
  const { asked, expressed } = planGrant({ dialect: openfort, abilities: { list: false }, permissions, acceptLosses, chainId: 31_337, wallet: 'Openfort' })
  const request = requestFor(expressed)
  const [limit] = (expressed as ContractCallPermission[]).map(({ callLimit }) => callLimit)
  const grantedPermissions = (expressed as ContractCallPermission[]).map(({ address }) => ({
    type: 'contract-call',
    data: { address, calls: [] },
    policies: [{ type: { custom: 'usage-limit' }, data: limit === undefined ? {} : { limit } }],
  }))
  return { request, asked, answer: { expiry: request.expiry - 20, grantedPermissions, permissionsContext: 'ses_1' } }
}

const { call, whole } = askable
const other: Permission = { ...whole, address: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512', valueLimit: maxUint256 }
const cases = [honest([call]), honest([whole]), honest([other]), honest([call, other])]

test.each(cases)('honest answer %#: taken', (one) => {
  expect(judgeAnswer({ dialect: openfort, ...one })).toMatchObject({ status: 'active', problem: undefined, handle: 'ses_1' })
})

const runs = repeats(40_000)

test(`of ${runs} mutated answers none is taken for more or for something else`, () => {
  const { active, quarantined, unreadable, wrong } = fuzzAnswers(openfort, cases, { runs, seed: 1600 })
  expect(wrong).toEqual([])
  expect(active + quarantined + unreadable).toBe(runs)
  // Each way out was taken often, so the mutations reach everywhere.
  expect(Math.min(active, quarantined, unreadable)).toBeGreaterThan(repeats(400))
}, 300_000)
