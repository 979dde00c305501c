import { expect, test } from 'vitest'
import { encodeContext } from '../../../src/delegation/context.js'
import { bundleContexts } from '../../../src/delegation/contextBundle.js'
import { framework, rootAuthority } from '../../../src/delegation/framework.js'
import { permissionCaveats } from '../../../src/delegation/permissionCaveats.js'
import { erc7715From2024 } from '../../../src/dialects/erc7715From2024.js'
import type { Permission } from '../../../src/permissions/permission.js'
import { judgeAnswer } from '../../../src/sessions/judgeAnswer.js'
import { repeats } from '../../harness/repeats.js'
import { account, askable, delegate, expiry, requestFor } from './askedFor.js'
import { holdsDelegations } from './beyond.js'
import { fuzzAnswers, type FuzzCase } from './fuzzAnswers.js'

/** The echo of a request, with a context that only the wallet can read, or with delegations. */
function honest(asked: readonly Permission[], context: 'opaque' | 'delegations'): FuzzCase {
  const request = requestFor(asked)
  const permissions = erc7715From2024.encodeGrant(request).params[0]?.permissions
  const delegations = asked.map((permission) =>
    encodeContext([{ delegate, delegator: account, authority: rootAuthority, caveats: permissionCaveats(permission, expiry), salt: 7n, signature: `0x${'ab'.repeat(65)}` }]),
  )
  const opened = { permissionsContext: bundleContexts(delegations), signerData: { submitToAddress: framework.DelegationManager } }
  return { request, asked, answer: { expiry, grantedPermissions: permissions, ...(context === 'opaque' ? { permissionsContext: '0xabcdef' } : opened) } }
}

const { call, whole, nativeAllowance, allowance } = askable
const anyPayee = { ...allowance, payee: undefined }
const cases = [
  honest([call], 'opaque'),
  honest([whole, anyPayee], 'opaque'),
  honest([call], 'delegations'),
  honest([call, nativeAllowance], 'delegations'),
]

test.each(cases)('honest answer %#: taken', (one) => {
  expect(judgeAnswer({ dialect: erc7715From2024, ...one })).toMatchObject({ status: 'active', problem: undefined })
})

test('the judge knows an answer whose delegations were not compared', () => {
  const [, , , bundle] = cases
  const answer = bundle?.answer as { permissionsContext: string; grantedPermissions: unknown[]; signerData: object }
  expect(holdsDelegations(answer)).toBe(true)
  expect(holdsDelegations({ ...answer, signerData: undefined })).toBe(true)
  expect(holdsDelegations({ ...answer, permissionsContext: `${answer.permissionsContext}00` })).toBe(true)
  expect(holdsDelegations({ ...answer, signerData: { submitToAddress: account } })).toBe(false)
  expect(holdsDelegations({ ...answer, permissionsContext: '0xabcdef' })).toBe(false)
})

const runs = repeats(50_000)

test(`of ${runs} mutated answers none is taken for more or for something else`, () => {
  const { active, quarantined, unreadable, wrong } = fuzzAnswers(erc7715From2024, cases, { runs, seed: 2024 })
  expect(wrong).toEqual([])
  expect(active + quarantined + unreadable).toBe(runs)
  // Each way out was taken often, so the mutations reach everywhere.
  expect(Math.min(active, quarantined, unreadable)).toBeGreaterThan(repeats(400))
}, 300_000)
