/**
 * Compiles demo/contracts/*.sol into demo/contracts/artifacts.ts.
 *
 *   node scripts/contracts.mjs           writes the file
 *   node scripts/contracts.mjs --check   fails if the file is not what the sources give
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'

const require = createRequire(import.meta.url)
const folder = new URL('../demo/contracts/', import.meta.url)
const artifacts = new URL('artifacts.ts', folder)

/** @returns {Record<string, { abi: object[], bytecode: string }>} by contract name */
function compile() {
  const solc = require('solc')
  const files = readdirSync(folder).filter((file) => file.endsWith('.sol')).sort()
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: read(new URL(file, folder)) }])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      // The metadata hash covers comments and paths: without it the same code gives the same bytes anywhere.
      metadata: { bytecodeHash: 'none' },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importSource }))
  const errors = (output.errors ?? []).filter((/** @type {{ severity: string }} */ { severity }) => severity === 'error')
  if (errors.length > 0) {
    throw new Error(errors.map((/** @type {{ formattedMessage: string }} */ { formattedMessage }) => formattedMessage).join('\n'))
  }
  return Object.fromEntries(
    files.map((file) => {
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

/** @param {ReturnType<typeof compile>} contracts */
function print(contracts) {
  const parts = Object.entries(contracts).map(([name, { abi, bytecode }]) => {
    const variable = name[0].toLowerCase() + name.slice(1)
    const items = abi.map((item) => `  ${JSON.stringify(item)},\n`).join('')
    return `export const ${variable}Abi = [\n${items}] as const\n\nexport const ${variable}Bytecode =\n  '${bytecode}' as const\n`
  })
  return `// Written by scripts/contracts.mjs from the .sol files beside it.\n\n${parts.join('\n')}`
}

const printed = print(compile())
if (!process.argv.includes('--check')) {
  writeFileSync(artifacts, printed)
} else if (read(artifacts) !== printed) {
  console.error('demo/contracts/artifacts.ts is not what its .sol files compile to. Run: node scripts/contracts.mjs')
  process.exitCode = 1
}
