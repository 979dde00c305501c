import { SessionKeyError } from './SessionKeyError.js'

/** A package that the kit asks for only where it is needed, and that is not installed. */
export class MissingPackageError extends SessionKeyError {
  override readonly name = 'MissingPackageError'
  constructor({ packageName, neededBy, install, cause }: { packageName: string; neededBy: string; install: string; cause?: Error | undefined }) {
    super(`${neededBy} needs the package ${packageName}, which is not installed.`, { cause, metaMessages: [`Install it: npm install ${install}`] })
  }
}
