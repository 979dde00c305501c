import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { bundle, type Bundle } from '../server/bundle.js'
import type { DatabaseOrder } from './databaseProcess.js'

/** The program, which starts quickly. */
export const bundleDatabaseProcess = () => bundle('../automation/databaseProcess.ts', ['pg', 'pg-boss', '@electric-sql/pglite'], { inline: true })

export function startDatabaseProcess(program: Bundle, order: DatabaseOrder) {
  const child = spawn(process.execPath, [program.file], { env: { ...process.env, ORDER: JSON.stringify(order) }, stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  const heard = new Set<() => void>()
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    for (const listener of heard) listener()
  })
  const ended = once(child, 'close')
  /** What it has said, in whole lines. */
  const lines = () => output.split('\n').slice(0, -1)
  return {
    pid: child.pid as number,
    lines,
    /** Resolves when it has said so many lines, or has ended. */
    async said(count: number): Promise<string[]> {
      await Promise.race([
        ended,
        new Promise<void>((resolve) => {
          const look = () => {
            if (lines().length >= count) resolve()
          }
          heard.add(look)
          look()
        }),
      ])
      return lines()
    },
    /** Lets it end by itself. */
    async end(): Promise<string[]> {
      child.stdin.end()
      await ended
      return lines()
    },
    async kill(): Promise<string[]> {
      child.kill('SIGKILL')
      await ended
      return lines()
    },
  }
}
