/** A program that starts a chain, says where, and then only waits to be killed. */
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const entry = fileURLToPath(new URL('../../../src/testing/chain/index.ts', import.meta.url))
const { module } = await runnerImport(entry, { configFile: false, logLevel: 'error' })

const { rpcUrl } = await module.startLocalChain()
console.log(`holding ${rpcUrl}`)
