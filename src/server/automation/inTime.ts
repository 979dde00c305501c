import { SessionKeyError } from '../../errors/SessionKeyError.js'

/** A rule's own function has not answered. */
export class RuleTooSlowError extends SessionKeyError {
  override readonly name = 'RuleTooSlowError'
  constructor({ rule, what, timeoutMs }: { rule: string; what: 'when' | 'calls'; timeoutMs: number }) {
    super(`\`${what}\` of rule "${rule}" has not answered for ${timeoutMs / 1000} seconds.`, {
      metaMessages: ['It is asked again later. Give what it waits for a timeout of its own, or the rule a longer `timeoutMs`.'],
    })
  }
}

const usualTimeoutMs = 30_000

/** The answer of a rule's own function, which must not keep everything else waiting for ever. What it says too late is not heard. @throws {RuleTooSlowError} */
export async function inTime<answer>({ name: rule, timeoutMs = usualTimeoutMs }: { name: string; timeoutMs?: number | undefined }, what: 'when' | 'calls', ask: () => answer | Promise<answer>): Promise<answer> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooSlow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RuleTooSlowError({ rule, what, timeoutMs })), timeoutMs)
  })
  try {
    return await Promise.race([ask(), tooSlow])
  } finally {
    clearTimeout(timer)
  }
}
