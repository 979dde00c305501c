import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Imports a TypeScript module of this repository, by its path in it. What it imports later, when it is needed, is found as long as the process lives. */
export async function importTypeScript(path) {
  const { createServer } = await import('vite')
  const server = await createServer({
    configFile: at('vite.config.ts'),
    configLoader: 'runner',
    root: at(''),
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  })
  return server.ssrLoadModule(at(path))
}
