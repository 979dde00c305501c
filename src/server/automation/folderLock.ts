import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseFolderError, DatabaseLockedError } from './databaseErrors.js'

export type FolderLock = { release(): Promise<void> }

/** A process that is about to end may hold it yet. */
const patienceMs = 2_000

/**
 * Keeps every other process, and this one, out of a folder until it is released or the process is gone, however it went.
 *
 * Whoever wants the folder listens on a socket in it, under a name that nobody has had before, and only then looks whether anybody else listens
 * there: if so, it lets go of its own. Of two the one that listened later sees the other, so never do both stay. The kernel ends the
 * listening of a process that is killed, so no number of a process has to be believed, and a dead one's socket is never taken over but left
 * behind, and cleared away by whoever stays.
 *
 * @throws {DatabaseLockedError} {@link DatabaseFolderError}
 */
export async function lockFolder(folder: string, waitMs = patienceMs): Promise<FolderLock> {
  const giveUpAtMs = Date.now() + waitMs
  try {
    // What is in it is the server's alone.
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const sockets = await socketsIn(folder)
    try {
      for (;;) {
        const claim = await claimFolder(folder, sockets.addressOf)
        if ('release' in claim) return { release: () => claim.release().finally(sockets.remove) }
        if (Date.now() >= giveUpAtMs) throw new DatabaseLockedError({ folder, pid: claim.heldBy })
        // At random, so that two who came at once do not meet again.
        await new Promise((done) => setTimeout(done, 20 + Math.random() * 80))
      }
    } catch (error) {
      await sockets.remove()
      throw error
    }
  } catch (error) {
    if (error instanceof DatabaseLockedError) throw error
    throw new DatabaseFolderError({ folder, cause: error as Error })
  }
}

type AddressOf = (name: string) => string

async function claimFolder(folder: string, addressOf: AddressOf): Promise<FolderLock | { heldBy: number | undefined }> {
  const name = `lock-${process.pid}-${randomBytes(4).toString('hex')}`
  const server = createServer((socket) => socket.destroy())
  const release = async () => {
    await new Promise<unknown>((done) => server.close(done))
    await rm(join(folder, name), { force: true })
  }
  if (isWindows) await writeFile(join(folder, name), '')
  await listen(server, addressOf(name))
  try {
    const names = (await readdir(folder)).filter((one) => lockName.test(one))
    const others = await Promise.all(names.filter((one) => one !== name).map(async (other) => ({ other, lives: await isListening(addressOf(other)) })))
    const holder = others.find(({ lives }) => lives)?.other
    // Where its own name is gone, somebody looked at it before it listened, and took it for a dead one's.
    if (holder !== undefined || !names.includes(name)) {
      await release()
      return { heldBy: holder === undefined ? undefined : Number(lockName.exec(holder)?.[1]) }
    }
    await Promise.all(others.map(({ other }) => rm(join(folder, other), { force: true })))
  } catch (error) {
    await release()
    throw error
  }
  server.unref()
  return { release }
}

const lockName = /^lock-(\d+)-[0-9a-f]{8}$/

const isWindows = process.platform === 'win32'

/** macOS takes 103 bytes for the address of a socket, Linux 107. */
const mostBytes = 100

/** Where sockets of a folder are listened on: in it. Windows has none in folders: there a file stands for a named pipe. */
async function socketsIn(folder: string): Promise<{ addressOf: AddressOf; remove(): Promise<void> }> {
  if (isWindows) {
    const digest = createHash('sha256').update(folder.toLowerCase()).digest('hex')
    return { addressOf: (name) => `\\\\.\\pipe\\react-session-keys-${digest}-${name}`, remove: async () => undefined }
  }
  if (Buffer.byteLength(join(folder, longestName)) <= mostBytes) return { addressOf: (name) => join(folder, name), remove: async () => undefined }
  const shortcut = join(tmpdir(), `rsk-${randomBytes(6).toString('hex')}`)
  await symlink(folder, shortcut)
  return { addressOf: (name) => join(shortcut, name), remove: () => rm(shortcut, { force: true }) }
}

const longestName = 'lock-4194304-00000000'

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // A cluster would have its first process listen, which outlives this one.
    server.listen({ path: address, exclusive: true }, () => resolve())
  })
}

/** When in doubt it is. */
function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'))
  })
}
