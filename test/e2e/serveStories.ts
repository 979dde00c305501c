import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export type Story = { id: string; title: string; name: string }

export type ServedStories = { url: string; stories: readonly Story[]; docs: readonly Story[]; close: () => Promise<void> }

const root = fileURLToPath(new URL('../../', import.meta.url))
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }

/** Builds Storybook as it is published, into a folder of its own, and serves it. */
export async function serveStories(): Promise<ServedStories> {
  const folder = await mkdtemp(path.join(tmpdir(), 'stories-'))
  const bin = path.join(root, 'node_modules/storybook/dist/bin/dispatcher.js')
  await promisify(execFile)(process.execPath, [bin, 'build', '--disable-telemetry', '--quiet', '--output-dir', folder], { cwd: root, env: { ...process.env, CI: '1' }, maxBuffer: 64 * 1024 * 1024 })

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://stories')
    const file = path.join(folder, path.normalize(pathname))
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { entries } = JSON.parse(await readFile(path.join(folder, 'index.json'), 'utf8')) as { entries: Record<string, Story & { type: string }> }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stories: Object.values(entries).filter(({ type }) => type === 'story'),
    docs: Object.values(entries).filter(({ type }) => type === 'docs'),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
