import { isAddressEqual } from 'viem'
import { isDelegated, type GrantedPermission } from '../delegation/grantedPermission.js'
import { contextMismatch } from '../delegation/verifyContext.js'
import type { Dependency, Dialect, GrantAnswer, GrantRequest } from '../dialects/dialect.js'
import { sameMeaning } from '../permissions/canonicalText.js'
import { clampProblem } from '../permissions/clampProblem.js'
import { commonPermission } from '../permissions/commonPermission.js'
import { compare, type Difference } from '../permissions/compare.js'
import { pairPermissions } from '../permissions/pairPermissions.js'
import type { Permission, UnixSeconds } from '../permissions/permission.js'

export type JudgeAnswerParameters = {
  dialect: Dialect
  /** What the wallet was asked. */
  request: GrantRequest
  /** What the app asked for, permission by permission; narrower than the request where it accepted a loss. */
  asked: readonly Permission[]
  answer: unknown
  /** What to do with more than was asked, when the signed context says the same. */
  onBroader?: 'quarantine' | 'clamp' | undefined
}

export type JudgeGrantParameters = Omit<JudgeAnswerParameters, 'dialect' | 'answer'> & { said: GrantAnswer }

export type Judgement = {
  status: 'active' | 'quarantined'
  /** What is wrong; undefined for an active one. */
  problem: string | undefined
  granted: readonly GrantedPermission[]
  /** The earlier of what was asked and what was granted. */
  expiry: UnixSeconds
  /** When it ends on-chain, where that is after `expiry`; 0: never. */
  grantedExpiry: UnixSeconds | undefined
  /** How the answer differs from the request. */
  diff: readonly Difference[]
  handle: string | undefined
  dependencies: readonly Dependency[] | undefined
}

/**
 * Decides whether a wallet's answer may be used. Pure. Never `active`: anything that was not asked, anything whose signed
 * context does not say what the answer says, and more than was asked, unless the context says so too and the app clamps.
 *
 * @throws {InvalidWalletResponseError} an answer that cannot be read
 */
export function judgeAnswer({ dialect, answer, ...about }: JudgeAnswerParameters): Judgement {
  return judgeGrant({ ...about, said: dialect.decodeGrant(answer, about.request) })
}

/** The same for a grant that was read already, from an answer or from the wallet's list. */
export function judgeGrant({ request, asked, said, onBroader = 'quarantine' }: JudgeGrantParameters): Judgement {
  const answered = said.granted.map(({ permission }) => permission)
  const diff = compare(request, { permissions: answered, expiry: said.expiry })
  const pairs = pairPermissions(request.permissions, answered)
  const askedFor = (index: number) => asked[pairs.indexOf(index)]
  const problem = problemOf(said, request, diff) ?? broaderProblem(said, diff, { onBroader, askedFor })
  return {
    status: problem === undefined ? 'active' : 'quarantined',
    problem,
    granted: said.granted.map((granted, index) => (problem === undefined ? heldTo(granted, askedFor(index)) : granted)),
    expiry: said.expiry > 0 ? Math.min(said.expiry, request.expiry) : request.expiry,
    grantedExpiry: said.expiry > request.expiry || said.expiry === 0 ? said.expiry : undefined,
    diff,
    handle: said.handle,
    dependencies: said.dependencies && said.dependencies.length > 0 ? said.dependencies : undefined,
  }
}

function problemOf(said: GrantAnswer, request: GrantRequest, diff: readonly Difference[]): string | undefined {
  const { account, delegate } = request
  if (said.problem !== undefined) return said.problem
  if (said.account && !isAddressEqual(said.account, account)) return 'another account answered'
  if (said.delegate && !isAddressEqual(said.delegate, delegate)) return 'another key was granted to'
  if (said.problem !== undefined) return said.problem
  if (said.granted.length === 0) return 'nothing was granted'
  const other = diff.find(({ kind }) => kind === 'other')
  if (other) return `${pathOf(other)} is not what was asked`
  for (const granted of said.granted) {
    if (!isDelegated(granted)) continue
    const mismatch = contextMismatch(granted, { account, delegate, expiry: said.expiry })
    if (mismatch !== undefined) return `the signed permission says otherwise than the answer: ${mismatch}`
  }
  return undefined
}

type Broader = { onBroader: 'quarantine' | 'clamp'; askedFor: (granted: number) => Permission | undefined }

/** Why more than was asked is not taken. */
function broaderProblem({ granted }: GrantAnswer, diff: readonly Difference[], { onBroader, askedFor }: Broader): string | undefined {
  const broader = diff.find(({ kind }) => kind === 'broader')
  if (!broader) return undefined
  // What nobody asked for cannot be clamped to what was asked.
  const clamps = onBroader === 'clamp' && granted.every(isDelegated) && !diff.some(isUnasked)
  if (!clamps) return `${pathOf(broader)} goes beyond the request`
  const problems = granted.map(({ permission }, index) => {
    const asked = askedFor(index)
    return asked && clampProblem(asked, permission)
  })
  const problem = problems.find((one) => one !== undefined)
  return problem && `${pathOf(broader)} goes beyond the request, and the session could not be held to it: ${problem}`
}

function isUnasked({ asked, path, kind }: Difference): boolean {
  return kind === 'broader' && asked === undefined && path !== 'expiry'
}

function pathOf({ asked, path }: Difference): string {
  return asked === undefined ? path : `permissions[${asked}].${path}`
}

/** Notes what was asked where more was granted, so that the kit never goes beyond it. */
function heldTo({ counts, ...said }: GrantedPermission, asked: Permission | undefined): GrantedPermission {
  // A limit that is there only because the wallet has one count for all holds nobody to less.
  const limited = !asked || (asked.type === 'contract-call' && asked.callLimit !== undefined)
  const granted: GrantedPermission = { ...said, ...(counts && limited ? { counts } : {}) }
  if (!asked) return granted
  const within = commonPermission(asked, granted.permission)
  return sameMeaning({ ...within, optional: undefined }, { ...granted.permission, optional: undefined }) ? granted : { ...granted, within }
}
