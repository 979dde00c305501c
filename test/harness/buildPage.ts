import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { alias } from '../../vite.config.js'

export type BuiltPage = ReadonlyMap<string, { body: string | Uint8Array; type: string }>

const types: Record<string, string> = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' }

/**
 * The page as an app would ship it, by path; built in memory. Not from Vite's development server: a browser that is killed has
 * no cache to start again from, and would ask for some hundred modules each time.
 */
export async function buildPage(): Promise<BuiltPage> {
  const built = await build({
    root: fileURLToPath(new URL('page', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    // React and the kit say more in development, so more could slip out.
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    build: { write: false, minify: false, target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: Infinity },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput
  return new Map(
    output.map((file) => {
      const type = types[file.fileName.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
      return [`/${file.fileName === 'index.html' ? '' : file.fileName}`, { body: file.type === 'chunk' ? file.code : file.source, type }]
    }),
  )
}
