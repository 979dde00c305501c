import { RefusedError } from '../refusedError.js'

/** Every reason for which an enrolment is refused, and the HTTP status that says so. */
export const enrolmentRefusals = {
  'not-authenticated': 401,
  'not-readable': 400,
  'too-large': 413,
  'unknown-session': 404,
  /** The two sides were built from different definitions. */
  'other-definition': 409,
  'other-chain': 400,
  /** An account that is not the user's, or not the one that signed. */
  'other-account': 403,
  /** Granted to another address than the user's own key. */
  'other-key': 403,
  /** Granted to whoever has it (ANY_DELEGATE). */
  'open-delegation': 403,
  'other-manager': 400,
  /** More than the definition asks for. */
  broader: 403,
  /** Something else than the definition asks for, or than the signed delegation says. */
  'other-terms': 400,
  'already-enrolled': 409,
  'not-signed': 403,
  'not-deployed': 409,
  revoked: 409,
  expired: 409,
  /** Signed for a nonce that the account has not come to. */
  'not-begun': 409,
} as const satisfies Record<string, number>

export type EnrolmentRefusal = keyof typeof enrolmentRefusals

/** The server does not take what the browser said. Nothing was stored, and nothing was sent. */
export class EnrolmentRefusedError extends RefusedError<EnrolmentRefusal> {
  override readonly name = 'EnrolmentRefusedError'
}
