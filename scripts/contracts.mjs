/**
 * Compiles demo/contracts/*.sol into demo/contracts/artifacts.ts, and OpenZeppelin's ERC1967Proxy, as it stands in node_modules, into
 * src/delegation/proxyBytecode.ts.
 *
 *   node scripts/contracts.mjs           writes the files
 *   node scripts/contracts.mjs --check   fails if a file is not what the sources give
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

const require = createRequire(import.meta.url)
const folder = new URL('../demo/contracts/', import.meta.url)

/** @typedef {Record<string, { abi: object[], bytecode: string }>} Contracts by contract name */

/** @returns {Contracts} */
function compileDemo() {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sol')).sort()
  const sources = Object.fromEntries(files.map((file) => [file, { content: read(new URL(file, folder)) }]))
  // The metadata hash covers comments and paths: without it the same code gives the same bytes anywhere.
  return compile(sources, { metadata: { bytecodeHash: 'none' } })
}

/** @returns {Contracts} */
function compileProxy() {
  const path = '@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol'
  // For the EVM that the framework itself is compiled for; nothing in the bytes but the code.
  return compile({ [path]: { content: importSource(path).contents } }, { viaIR: true, evmVersion: 'shanghai', metadata: { bytecodeHash: 'none', appendCBOR: false } })
}

/**
 * @param {Record<string, { content: string }>} sources
 * @param {object} settings
 * @returns {Contracts}
 */
function compile(sources, settings) {
  const solc = require('solc')
  const input = {
    language: 'Solidity',
    sources,
    settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } }, ...settings },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importSource }))
  const errors = (output.errors ?? []).filter((/** @type {{ severity: string }} */ { severity }) => severity === 'error')
  if (errors.length > 0) {
    throw new Error(errors.map((/** @type {{ formattedMessage: string }} */ { formattedMessage }) => formattedMessage).join('\n'))
  }
  return Object.fromEntries(
    Object.keys(sources).map((file) => {
      const name = basename(file, '.sol')
      const { abi, evm } = output.contracts[file][name]
      return [name, { abi, bytecode: `0x${evm.bytecode.object}` }]
    }),
  )
}

/** @param {string} path as in the `import` of a .sol file */
function importSource(path) {
  try {
    return { contents: read(require.resolve(path)) }
  } catch {
    return { error: `${path} is not in node_modules` }
  }
}

/** @param {string | URL} file */
function read(file) {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
}

/** @param {Contracts} contracts */
function printDemo(contracts) {
  const parts = Object.entries(contracts).map(([name, { abi, bytecode }]) => {
    const variable = name[0].toLowerCase() + name.slice(1)
    const items = abi.map((item) => `  ${JSON.stringify(item)},\n`).join('')
    return `export const ${variable}Abi = [\n${items}] as const\n\nexport const ${variable}Bytecode =\n  '${bytecode}' as const\n`
  })
  return `// Written by scripts/contracts.mjs from the .sol files beside it.\n\n${parts.join('\n')}`
}

/** @param {Contracts} contracts */
function printProxy({ ERC1967Proxy: { bytecode } }) {
  return `// Written by scripts/contracts.mjs from OpenZeppelin's ERC1967Proxy.sol (MIT).

/**
 * The creation code of the proxy that a P-256 session key acts through. Part of every such account's address, and the only proxy that relays
 * deploy: another byte here, and accounts that permissions were granted to can no longer be deployed.
 */
export const proxyBytecode =
  '${bytecode}'
`
}

const outputs = [
  { file: 'demo/contracts/artifacts.ts', print: () => printDemo(compileDemo()) },
  { file: 'src/delegation/proxyBytecode.ts', print: () => printProxy(compileProxy()) },
]
for (const { file, print } of outputs) {
  const url = new URL(`../${file}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(url, print())
  } else if (read(url) !== print()) {
    console.error(`${file} is not what its sources compile to. Run: node scripts/contracts.mjs`)
    process.exitCode = 1
  }
}
