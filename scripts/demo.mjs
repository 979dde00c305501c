/** `npm run demo`: a chain, a relay, a server that charges and the game shop, in one process. Ctrl-C ends all of it. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { importTypeScript } from './importTypeScript.mjs'

const usage = 'Usage: npm run demo -- [--port <number>] [--watch]'
const preferredPort = 5173
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** What has to be ended, the newest first. */
const closers = []
let ending = false

async function end(code) {
  if (ending) return
  ending = true
  await Promise.allSettled(closers.reverse().map((close) => close()))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end(0))

try {
  const { port, watch } = readOptions()
  const { createServer } = await import('vite')
  const vite = { configFile: at('vite.config.ts'), configLoader: 'runner', logLevel: 'error', clearScreen: false }

  const { startDemoServer } = await importTypeScript('demo/server.ts')
  /** The port is known once the page is served. */
  const origins = []
  const demo = await startDemoServer({ origins: () => origins })
  closers.push(demo.stop)

  const server = await createServer({
    ...vite,
    root: at('demo'),
    cacheDir: at('node_modules/.vite/demo'),
    server: {
      host: '127.0.0.1',
      port: port ?? preferredPort,
      strictPort: port !== undefined,
      // It is shown, not worked on: the page stays as it is unless asked to follow the files.
      ...(watch ? {} : { watch: null }),
      proxy: Object.fromEntries(['/rpc', '/relay/rpc', '/faucet', '/demo.json', '/api/'].map((path) => [path, { target: demo.url, changeOrigin: false }])),
    },
    optimizeDeps: { entries: ['index.html'] },
  })
  closers.push(() => server.close())
  await server.listen()
  const bound = server.httpServer.address().port
  origins.push(`http://127.0.0.1:${bound}`, `http://localhost:${bound}`)
  if (!ending) console.log(`Demo: ${server.resolvedUrls.local[0]}`)
} catch (error) {
  if (!ending) console.error(`The demo did not start: ${reasonOf(error)}`)
  await end(1)
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
