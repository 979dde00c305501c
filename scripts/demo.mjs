/** `npm run demo`: a chain, a relay, a server that charges and the game shop, in one process. Ctrl-C ends all of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { importTypeScript } from './importTypeScript.mjs'

const usage = 'Usage: npm run demo -- [--port <number>] [--watch]'
const preferredPort = 5173
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What has to be ended, the newest first. */
const closers = []
let ending = false
const longestEndMs = 10_000

async function end(code) {
  if (ending) return
  ending = true
  // Whatever it waits for: nobody waits longer for it.
  setTimeout(() => process.exit(code), longestEndMs).unref()
  await Promise.allSettled(closers.reverse().map((close) => close()))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0))

try {
  const { port, watch } = readOptions()
  const { startDemoServer } = await importTypeScript('demo/server.ts')
  /** The port is known once the page is served. */
  const origins = []
  const starting = startDemoServer({ origins: () => origins }).then((started) => {
    closers.push(started.stop)
    return started
  })
  const [demo, serve] = await Promise.all([starting, watch ? developed() : built()])
  const server = await serve({
    host: '127.0.0.1',
    port: port ?? preferredPort,
    strictPort: port !== undefined,
    proxy: Object.fromEntries(['/rpc', '/relay/rpc', '/faucet', '/demo.json', '/api/'].map((path) => [path, { target: demo.url, changeOrigin: false }])),
  })
  closers.push(() => server.close())
  const bound = server.httpServer.address().port
  origins.push(`http://127.0.0.1:${bound}`, `http://localhost:${bound}`)
  if (!ending) console.log(`Demo: ${server.resolvedUrls.local[0]}`)
} catch (error) {
  if (!ending) console.error(`The demo did not start: ${reasonOf(error)}`)
  await end(1)
}

/** The page as it is, in one piece: a browser has it at once. React and the kit say as much of what is wrong as they do in development. */
async function built() {
  const { build, preview } = await import('vite')
  const { alias } = await importTypeScript('vite.config.ts')
  const outDir = await mkdtemp(join(tmpdir(), 'rsk-demo-'))
  closers.push(() => rm(outDir, { recursive: true, force: true }))
  const page = { root: at('demo'), configFile: false, logLevel: 'error', clearScreen: false, build: { outDir, minify: false, reportCompressedSize: false, chunkSizeWarningLimit: Infinity } }
  await build({ ...page, resolve: { alias }, define: { 'process.env.NODE_ENV': '"development"' } })
  return (options) => preview({ ...page, preview: options })
}

/** The page follows its files. */
async function developed() {
  const { createServer } = await import('vite')
  const vite = { configFile: at('vite.config.ts'), configLoader: 'runner', logLevel: 'error', clearScreen: false }
  return async (server) => (await createServer({ ...vite, root: at('demo'), cacheDir: at('node_modules/.vite/demo'), server, optimizeDeps: { entries: ['index.html'] } })).listen()
}

function readOptions() {
  const { values } = parseArgs({ options: { port: { type: 'string' }, watch: { type: 'boolean', default: false } } })
  const asked = values.port ?? process.env.PORT
  if (asked === undefined || asked === '') return { port: undefined, watch: values.watch }
  const port = Number(asked)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`"${asked}" is not a port. ${usage}`)
  return { port, watch: values.watch }
}

/** One sentence, and what to do where the error says it. */
function reasonOf(error) {
  if (error?.code === 'ERR_MODULE_NOT_FOUND') return `${error.message.split('\n')[0]}. Run npm install first.`
  if (error?.code?.startsWith('ERR_PARSE_ARGS')) return `${error.message} ${usage}`
  const [firstLine] = String(error?.message ?? error).split('\n')
  return [error?.shortMessage ?? firstLine, ...(error?.metaMessages ?? [])].join(' ')
}
