import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

const entry = 'virtual:entry'

/** What every app of this kind has anyway: the peer dependencies, ours and others'. */
const peers = /^(react|react-dom|viem|ox|abitype|wagmi|@wagmi\/core|@wagmi\/connectors|@tanstack\/react-query|@tanstack\/query-core)(\/|$)/

const gzip = (text) => gzipSync(text, { level: 9 }).length

/** Bundles `code` as an app would, minified, with the peers left out. */
export async function bundleSize({ code, root, alias = {} }) {
  const bundle = await rolldown({
    input: entry,
    cwd: root,
    external: (id) => peers.test(id),
    resolve: { alias },
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    platform: 'browser',
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? `${root}/${entry}` : undefined), load: (id) => (id.endsWith(entry) ? { code, moduleType: 'js' } : undefined) }],
    preserveEntrySignatures: 'strict',
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  await bundle.close()
  const chunks = output.filter(({ type }) => type === 'chunk')
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const first = new Set()
  const add = (chunk) => {
    if (!chunk || first.has(chunk)) return
    first.add(chunk)
    for (const name of chunk.imports) add(byName.get(name))
  }
  for (const chunk of chunks) if (chunk.isEntry) add(chunk)
  const sum = (of) => [...of].reduce((bytes, chunk) => bytes + gzip(chunk.code), 0)
  const modules = [...first].flatMap((chunk) => Object.entries(chunk.modules).map(([id, { renderedLength }]) => ({ id, bytes: renderedLength })))
  return { initial: sum(first), all: sum(chunks), modules: modules.sort((a, b) => b.bytes - a.bytes) }
}
