import { SessionKeyError } from '../errors/SessionKeyError.js'

export class InvalidTransitionError extends SessionKeyError {
  override readonly name = 'InvalidTransitionError'
  constructor({ from, to }: { from: string; to: string }) {
    super(`A session that is ${from} cannot become ${to}.`)
  }
}

/** The browser did not keep what it was told to keep; the wallet was not asked. */
export class SessionStoreError extends SessionKeyError {
  override readonly name = 'SessionStoreError'
  constructor(reason: string, cause?: Error) {
    super(`Sessions cannot be stored safely here: ${reason}`, {
      cause,
      metaMessages: ['Private windows and full disks do this. Pass another store in createSessionKeyConfig({ store }).'],
    })
  }
}

/** The part of the app that reads the stored sessions did not come: a lost connection, or a version that is not served any more. */
export class StoreNotLoadedError extends SessionKeyError {
  override readonly name = 'StoreNotLoadedError'
  constructor({ cause }: { cause: Error }) {
    super('The code that reads the stored sessions could not be loaded.', {
      cause,
      metaMessages: ['The sessions and their keys are where they were. Try again, or reload the page.'],
    })
  }
}

/** Keys are kept only as long as the page here, and the session was to last longer. The wallet was not asked. */
export class VolatileStorageError extends SessionKeyError {
  override readonly name = 'VolatileStorageError'
  constructor({ seconds, maxSeconds, cause }: { seconds: number; maxSeconds: number; cause?: Error | undefined }) {
    super(`This browser does not keep keys, so a session of ${describeSeconds(seconds)} would be lost when the page is closed.`, {
      cause,
      metaMessages: [
        `Leave the private window or make room on the disk; or ask for ${describeSeconds(maxSeconds)} at most.`,
        'createSessionKeyConfig({ maxVolatileSeconds }) moves that limit.',
      ],
    })
  }
}

function describeSeconds(seconds: number): string {
  const [unit, size] = seconds >= 172_800 ? ['days', 86_400] as const : seconds >= 7_200 ? ['hours', 3_600] as const : ['minutes', 60] as const
  return `${Math.round(seconds / size)} ${unit}`
}
