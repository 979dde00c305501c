import type { Address } from 'viem'
import { SessionKeyError } from '../errors/SessionKeyError.js'

export class InvalidExpiryError extends SessionKeyError {
  override readonly name = 'InvalidExpiryError'
  constructor(reason: string) {
    super(reason, { metaMessages: ['Write expiresIn({ days: 3 }), or absolute unix seconds.'] })
  }
}

export class InvalidPermissionError extends SessionKeyError {
  override readonly name = 'InvalidPermissionError'
}

/** An argument of dynamic length can be pinned only together with all the others. */
export class UnpinnableArgumentError extends SessionKeyError {
  override readonly name = 'UnpinnableArgumentError'
  constructor({ signature, index }: { signature: string; index: number }) {
    super(`Argument ${index} of ${signature} has no fixed length, so the chain cannot compare it alone.`, {
      metaMessages: ['Pin every argument of the function, or leave this one undefined.'],
    })
  }
}

export class ForbiddenTargetError extends SessionKeyError {
  override readonly name = 'ForbiddenTargetError'
  constructor({ address, what }: { address: Address; what: string }) {
    super(`A session may not call ${address}: it is ${what}.`, {
      metaMessages: ["Such a call could widen or undo the account's own permissions."],
    })
  }
}

export class UndoneLimitError extends SessionKeyError {
  override readonly name = 'UndoneLimitError'
  /** `by`: what spends past it. */
  constructor({ token, by }: { token: Address | 'native'; by: string }) {
    super(`The limit on ${token === 'native' ? 'the native token' : token} is undone by another permission in the list: ${by} can spend past it.`, {
      metaMessages: ['Pin the arguments of that function and limit its calls (callLimit), or take the permission out.'],
    })
  }
}
