import { closeSync, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PGlite, PGliteOptions } from '@electric-sql/pglite'
import { importOptional } from './importOptional.js'

const missing = { packageName: '@electric-sql/pglite', neededBy: 'The embedded database', install: '@electric-sql/pglite pg-boss' }

/** @throws {MissingPackageError} */
export const importPglite = () => importOptional(() => import('@electric-sql/pglite'), missing)

/**
 * An embedded Postgres whose data is in a folder, and durable: with PGlite's own settings no write waits for the disk, so a machine that loses
 * its power could lose, or tear, what was said to be written. Here every commit waits.
 */
export async function openPgliteIn(folder: string, options: PGliteOptions): Promise<PGlite> {
  const { PGlite } = await importPglite()
  const data = join(folder, 'postgres')
  if (!existsSync(data)) await makeData(folder, data)
  // -F is fsync=off; fdatasync, Linux' default, is empty in its build.
  const startParams = [...PGlite.defaultStartParams.filter((one) => one !== '-F'), '-c', 'wal_sync_method=fsync']
  return PGlite.create({ ...options, fs: await syncedFiles(data), startParams, relaxedDurability: false })
}

/** It takes seconds. A process that is killed meanwhile leaves nothing under the name that counts. */
async function makeData(folder: string, data: string): Promise<void> {
  const { PGlite } = await importPglite()
  const unfinished = join(folder, 'postgres-unfinished')
  await rm(unfinished, { recursive: true, force: true })
  const pglite = await PGlite.create({ dataDir: unfinished })
  await pglite.close()
  for (const entry of ['.', ...readdirSync(unfinished, { recursive: true, encoding: 'utf8' })]) syncPath(join(unfinished, entry))
  await rename(unfinished, data)
  syncPath(folder)
}

type Files = NonNullable<PGliteOptions['fs']>
type Start = { FS: { root: { mount: { mounts: { opts: { root?: string }; root: { stream_ops: { fsync?(stream: { nfd?: number }): number } } }[] } } } }

/** PGlite's own files in a folder, and `fsync` for them, which Emscripten's leave out. */
async function syncedFiles(data: string): Promise<Files> {
  const { NodeFS } = await importOptional(() => import('@electric-sql/pglite/nodefs'), missing)
  class SyncedFiles extends NodeFS {
    override async init(...args: Parameters<InstanceType<typeof NodeFS>['init']>) {
      const { emscriptenOpts } = await super.init(...args)
      const [mount] = (emscriptenOpts.preRun ?? []).slice(-1)
      const addSync = (started: unknown) => {
        mount?.(started as never)
        const mounted = (started as Start).FS.root.mount.mounts.find(({ opts }) => opts.root === this.rootDir)
        if (!mounted) throw new Error('This version of @electric-sql/pglite mounts its files in another way than 0.5 does.')
        mounted.root.stream_ops.fsync = ({ nfd }) => {
          if (nfd !== undefined) fsyncSync(nfd)
          return 0
        }
      }
      return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []).slice(0, -1), addSync] } }
    }
  }
  return new SyncedFiles(data)
}

function syncPath(path: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
