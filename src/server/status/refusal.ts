import { RefusedError } from '../refusedError.js'

/** Every reason for which a status is refused, and the HTTP status that says so. */
export const statusRefusals = {
  'not-authenticated': 401,
  'not-readable': 400,
  'too-large': 413,
  /** Not an account of the user. */
  'other-account': 403,
  /** What is asked is for operators. */
  'not-operator': 403,
  /** What is asked only an automation knows. */
  'no-automation': 404,
} as const satisfies Record<string, number>

export type StatusRefusal = keyof typeof statusRefusals

/** The server does not say. */
export class StatusRefusedError extends RefusedError<StatusRefusal> {
  override readonly name = 'StatusRefusedError'
}
