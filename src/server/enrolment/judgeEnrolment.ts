import { isAddressEqual, type Address } from 'viem'
import { decodeContext } from '../../delegation/context.js'
import { hashDelegation, type Delegation } from '../../delegation/delegation.js'
import { anyDelegate, framework } from '../../delegation/framework.js'
import type { DelegatedPermission } from '../../delegation/grantedPermission.js'
import { contextMismatch } from '../../delegation/verifyContext.js'
import type { ResolvedRequest } from '../../permissions/resolveRequest.js'
import type { EnrolmentRequest } from '../../sessions/enrolmentWire.js'
import { judgeGrant } from '../../sessions/judgeAnswer.js'
import { EnrolmentRefusedError, type EnrolmentRefusal } from './refusal.js'

export type JudgeEnrolmentParameters = {
  wanted: Extract<EnrolmentRequest, { action: 'enrol' }>
  /** The user's own key. */
  address: Address
  /** The most that is asked for. */
  asked: ResolvedRequest
}

export type JudgedEnrolment = { granted: readonly DelegatedPermission[]; expiry: number; roots: readonly Delegation[] }

/**
 * Whether what a browser says was granted is what was asked for, and what is signed says the same. Pure; whether it is signed, and still
 * holds, is the chain's to say.
 * @throws {EnrolmentRefusedError}
 */
export function judgeEnrolment({ wanted, address, asked }: JudgeEnrolmentParameters): JudgedEnrolment {
  const { account, chainId, granted, expiry } = wanted
  const roots = granted.map((one) => readRoot(one, { account, address }))
  if (new Set(roots.map(hashDelegation)).size < roots.length) throw new EnrolmentRefusedError('other-terms', 'The same delegation is there twice.')
  for (const one of granted) {
    const mismatch = contextMismatch(one, { account, delegate: address, expiry })
    if (mismatch !== undefined) throw new EnrolmentRefusedError('other-terms', `What is signed says otherwise: ${mismatch}.`)
  }
  const request = { chainId, account, delegate: address, ...asked }
  const judgement = judgeGrant({ request, asked: asked.permissions, said: { granted, expiry, account, delegate: address } })
  if (judgement.problem === undefined) return { granted, expiry: judgement.expiry, roots }
  // What is other is said as that, whatever else it is.
  const isBroader = !judgement.diff.some(({ kind }) => kind === 'other') && judgement.diff.some(({ kind }) => kind === 'broader')
  throw new EnrolmentRefusedError(isBroader ? 'broader' : 'other-terms', `Not what was asked for: ${judgement.problem}.`)
}

function readRoot({ context, delegationManager }: DelegatedPermission, { account, address }: { account: Address; address: Address }): Delegation {
  const refuse = (reason: EnrolmentRefusal, message: string) => new EnrolmentRefusedError(reason, message)
  if (!isAddressEqual(delegationManager, framework.DelegationManager)) throw refuse('other-manager', `${delegationManager} is not the DelegationManager.`)
  const [root, ...others] = decoded(context)
  if (!root || others.length > 0) throw refuse('not-readable', 'A context must hold one delegation.')
  if (isAddressEqual(root.delegate, anyDelegate)) throw refuse('open-delegation', 'The delegation is to anyone who has it.')
  if (!isAddressEqual(root.delegate, address)) throw refuse('other-key', `The delegation is to ${root.delegate}, and this user’s key is ${address}.`)
  if (!isAddressEqual(root.delegator, account)) throw refuse('other-account', `The delegation is of ${root.delegator}, and not of ${account}.`)
  return root
}

function decoded(context: `0x${string}`): readonly Delegation[] {
  try {
    return decodeContext(context)
  } catch {
    return []
  }
}
