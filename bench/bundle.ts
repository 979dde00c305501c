import { gzipSync } from 'node:zlib'
import { build, type AliasOptions, type Rolldown } from 'vite'

export type BundleSize = {
  /** gz bytes of JavaScript that is loaded before anything is used. */
  initial: number
  /** With all that is loaded when it is needed. */
  all: number
  /** By module, unminified, the largest first: what the initial bytes are made of. */
  modules: readonly { id: string; bytes: number }[]
}

const entry = 'virtual:entry'

/** What every app of this kind has anyway: the peer dependencies, ours and the others'. */
const peers = /^(react|react-dom|viem|ox|abitype|wagmi|@wagmi\/core|@wagmi\/connectors|@tanstack\/react-query|@tanstack\/query-core)(\/|$)/

/** Bundles `code` as an app would, minified, with the peers left out. */
export async function bundleSize({ code, root, alias = [] }: { code: string; root: string; alias?: AliasOptions }): Promise<BundleSize> {
  const built = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [{ name: 'entry', enforce: 'pre', resolveId: (id) => (id === entry ? `${root}/${entry}.ts` : undefined), load: (id) => (id.endsWith(`${entry}.ts`) ? code : undefined) }],
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      reportCompressedSize: false,
      modulePreload: false,
      rolldownOptions: { input: entry, external: (id) => peers.test(id), preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })
  const { output } = (Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput
  const chunks = output.filter((file): file is Rolldown.OutputChunk => file.type === 'chunk')
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const first = new Set<Rolldown.OutputChunk>()
  const add = (chunk: Rolldown.OutputChunk | undefined) => {
    if (!chunk || first.has(chunk)) return
    first.add(chunk)
    for (const name of chunk.imports) add(byName.get(name))
  }
  for (const chunk of chunks) if (chunk.isEntry) add(chunk)
  const gzip = (of: Iterable<Rolldown.OutputChunk>) => [...of].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  const modules = [...first].flatMap(({ modules }) => Object.entries(modules).map(([id, { renderedLength }]) => ({ id, bytes: renderedLength })))
  return { initial: gzip(first), all: gzip(chunks), modules: modules.sort((a, b) => b.bytes - a.bytes) }
}
