import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { transform } from 'lightningcss'
import { bundleSize } from './bundleSize.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const at = (path) => `${root}/src/${path}`
const from = { main: at('index.ts'), ui: at('ui/index.ts') }

/** The provider, its configuration, and the three main hooks. */
const main = `export { SessionKeyProvider, createSessionKeyConfig, useGrantPermissions, useSessionKey, useSendSessionCalls } from '${from.main}'`

export const hooks = [...new Set(readFileSync(from.main, 'utf8').match(/\buse[A-Z]\w+(?=[,\s])/g))].filter((name) => !/(Parameters|ReturnType)$/.test(name)).sort()

/** As an app's bundler ships it. */
const stylesheet = (path) => gzipSync(transform({ filename: path, code: readFileSync(at(path)), minify: true }).code, { level: 9 }).length
const bundle = (code) => bundleSize({ code, root })

/** gz bytes that the kit adds to an app which has the peer dependencies. */
export async function ownSizes() {
  const [ofMain, headless, ui] = await Promise.all([main, `export * from '${from.main}'`, `export * from '${from.ui}'`].map(bundle))
  const ofHooks = {}
  for (const name of hooks) ofHooks[name] = (await bundle(`export { ${name} } from '${from.main}'`)).initial
  return { main: ofMain, headless, ui, css: stylesheet('ui/styles.css'), hooks: ofHooks }
}
