import { expect, test } from 'vitest'
import { encodeContext } from '../../../src/delegation/context.js'
import type { Caveat } from '../../../src/delegation/delegation.js'
import { framework, rootAuthority } from '../../../src/delegation/framework.js'
import { metaMaskCaveats, type MetaMaskPermission } from '../../../src/delegation/metaMaskCaveats.js'
import { permissionCaveats } from '../../../src/delegation/permissionCaveats.js'
import { erc7715 } from '../../../src/dialects/erc7715.js'
import type { Permission } from '../../../src/permissions/permission.js'
import { judgeAnswer } from '../../../src/sessions/judgeAnswer.js'
import { repeats } from '../../harness/repeats.js'
import { account, askable, delegate, expiry, requestFor, startTime } from './askedFor.js'
import { fuzzAnswers, type FuzzCase } from './fuzzAnswers.js'

/** As our wallet answers, or as MetaMask does (a start filled in, a nonce on every permission). */
function honest(asked: readonly Permission[], caveatsOf: (permission: Permission) => readonly Caveat[], filledIn = {}): FuzzCase {
  const request = requestFor(asked)
  const { params } = erc7715.encodeGrant(request)
  const answer = params.map((row, index) => {
    const permission = { ...filledIn, ...(asked[index] as Permission) }
    const delegation = { delegate, delegator: account, authority: rootAuthority, caveats: caveatsOf(permission), salt: 7n, signature: `0x${'ab'.repeat(65)}` } as const
    return {
      ...row,
      permission: { ...row.permission, data: { ...filledIn, ...row.permission.data } },
      context: encodeContext([delegation]),
      delegationManager: framework.DelegationManager,
      dependencies: [],
    }
  })
  return { request, asked, answer }
}

const ours = (asked: readonly Permission[]) => honest(asked, (permission) => permissionCaveats(permission, expiry))
const metaMasks = (asked: readonly MetaMaskPermission[]) =>
  honest(asked, (permission) => metaMaskCaveats(permission as MetaMaskPermission, expiry, 3n), { startTime })

const { call, pinned, whole, allowance, periodic, stream, nativeAllowance, nativePeriodic, nativeStream, nft } = askable
const cases = [
  ours([call, allowance]),
  ours([pinned, nft]),
  ours([whole]),
  ours([periodic, nativeAllowance, nativeStream]),
  metaMasks([allowance]),
  metaMasks([periodic, nativePeriodic]),
  metaMasks([stream, nativeStream, nativeAllowance]),
]

test.each(cases)('honest answer %#: taken', (one) => {
  expect(judgeAnswer({ dialect: erc7715, ...one })).toMatchObject({ status: 'active', problem: undefined })
})

const runs = repeats(70_000)

test(`of ${runs} mutated answers none is taken for more or for something else`, () => {
  const { active, quarantined, unreadable, wrong } = fuzzAnswers(erc7715, cases, { runs, seed: 7715 })
  expect(wrong).toEqual([])
  expect(active + quarantined + unreadable).toBe(runs)
  // Each way out was taken often, so the mutations reach everywhere.
  expect(Math.min(active, quarantined, unreadable)).toBeGreaterThan(repeats(3_000))
}, 300_000)
