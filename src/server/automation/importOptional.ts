import { MissingPackageError } from '../../errors/MissingPackageError.js'

/**
 * Loads an optional package, only when it is needed.
 *
 * @example const { Pool } = await importOptional(() => import('pg'), { packageName: 'pg', neededBy: 'A Postgres', install: 'pg pg-boss' })
 * @throws {MissingPackageError}
 */
export async function importOptional<module>(load: () => Promise<module>, missing: { packageName: string; neededBy: string; install: string }): Promise<module> {
  try {
    return await load()
  } catch (error) {
    // Not where it is something else that the package itself asks for.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${missing.packageName}'`))) throw error
    throw new MissingPackageError({ ...missing, cause: error })
  }
}
