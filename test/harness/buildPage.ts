import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { alias } from '../../vite.config.js'

export type BuiltPage = ReadonlyMap<string, { body: string | Uint8Array; type: string }>

const types: Record<string, string> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' }

/**
 * A page as an app would ship it, by path; built in memory. Not from Vite's development server: a browser that is killed has
 * no cache to start again from, and would ask for some hundred modules each time.
 */
export async function buildPage(html: URL): Promise<BuiltPage> {
  const path = fileURLToPath(html)
  const built = await build({
    root: dirname(path),
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    // React and the kit say more in development, so more could slip out.
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    build: { rolldownOptions: { input: path }, write: false, minify: false, target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: Infinity },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput
  return new Map(
    output.map((file) => {
      const type = types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
      return [`/${file.fileName === 'index.html' ? '' : file.fileName}`, { body: file.type === 'chunk' ? file.code : file.source, type }]
    }),
  )
}

/** A file of the page; undefined where it has none of that path. */
export function fileOf(page: BuiltPage, { url }: Request): Response | undefined {
  const file = page.get(new URL(url).pathname)
  return file && new Response(file.body as BodyInit, { headers: { 'content-type': file.type } })
}
