import { SessionKeyError } from '../../errors/SessionKeyError.js'

export class InvalidRelayLimitsError extends SessionKeyError {
  override readonly name = 'InvalidRelayLimitsError'
  constructor({ limit, must }: { limit: string; must: string }) {
    super(`The relay's limit ${limit} must ${must}.`)
  }
}
