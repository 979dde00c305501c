import { SessionKeyError } from '../errors/SessionKeyError.js'
import { compare, isNotBroader } from '../permissions/compare.js'
import type { ConsentApproval, ConsentTerms, PermissionConsentRequest } from './consentRequest.js'

/** A view answered with terms that the user was not shown, or was not allowed to change. Nothing was granted. */
export class ConsentTermsError extends SessionKeyError {
  override readonly name = 'ConsentTermsError'
  constructor(reason: string) {
    super(`The consent's answer cannot be used: ${reason}.`, {
      metaMessages: ['approveLowered takes terms that are nowhere broader than the request, and only where it is adjustable.'],
    })
  }
}

/** What the user agreed to: what was shown, or less. @throws {ConsentTermsError} anything else */
export function agreedTerms(request: PermissionConsentRequest, { terms }: ConsentApproval): ConsentTerms {
  const shown = { permissions: request.permissions, expiry: request.expiry }
  if (!terms) return shown
  const difference = compare(shown, terms)
  if (difference.length === 0) return shown
  if (!request.adjustable) throw new ConsentTermsError('it changes terms that cannot be changed')
  if (difference.some(({ asked, kind }) => kind === 'missing' && !request.permissions[asked ?? -1]?.optional)) {
    throw new ConsentTermsError('it leaves out a permission that is not optional')
  }
  if (terms.permissions.length === 0) throw new ConsentTermsError('it leaves nothing to grant')
  if (!isNotBroader(difference)) throw new ConsentTermsError('it allows more than the user was shown')
  return terms
}
