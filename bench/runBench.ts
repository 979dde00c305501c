import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { cpus, platform, release, totalmem } from 'node:os'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Browser } from '../scripts/browser.mjs'
import { automationFigures } from './automation/automationFigures.js'
import { bytesFigures } from './bytes.js'
import { checkFigures } from './checkTime.js'
import type { Figure } from './figure.js'
import { gasFigures } from './gas.js'
import { browserFigures } from './browserTimes.js'
import { rateFigures } from './rates.js'
import { requestFigures } from './requests.js'
import { userOperationFigures } from './userOperations.js'
import { startBenchShop, type BenchShop } from './shop.js'

const onChain = { requests: requestFigures, gas: gasFigures, rates: rateFigures } satisfies Record<string, (shop: BenchShop) => Promise<Figure[]>>

export const parts = [...Object.keys(onChain), 'userOperations', 'automation', 'check', 'bytes', 'browser']

export type RunBenchParameters = {
  only: readonly string[]
  browser: () => Promise<Browser>
  say: (line: string) => void
  /** Of some parts alone: takes their figures into `bench/results.json`, and leaves the others there as they are. */
  write: boolean
}

/** Measures, prints one table, and writes `bench/results.json` where all was measured, or where it is told to. */
export async function runBench({ only, browser, say, write }: RunBenchParameters): Promise<void> {
  const figures: Figure[] = []
  const begun = performance.now()
  const wanted = (part: string) => only.length === 0 || only.includes(part)
  const add = async (part: string, work: () => Promise<Figure[]>) => {
    if (!wanted(part)) return
    say(`measuring ${part}`)
    figures.push(...(await work()))
  }
  if (Object.keys(onChain).some(wanted)) {
    const shop = await startBenchShop()
    try {
      for (const [part, measure] of Object.entries(onChain)) await add(part, () => measure(shop))
    } finally {
      await shop.stop()
    }
  }
  await add('userOperations', () => userOperationFigures(say))
  await add('automation', () => automationFigures(say))
  await add('check', checkFigures)
  await add('bytes', () => bytesFigures(say))
  await add('browser', async () => browserFigures(await browser()))

  console.log(table(figures))
  if (only.length > 0 && !write) return
  const file = fileURLToPath(new URL('results.json', import.meta.url))
  const at = new Date().toISOString()
  const results =
    only.length > 0
      ? taken(JSON.parse(await readFile(file, 'utf8')) as Results, figures.map((figure) => ({ ...figure, at })))
      : { at, seconds: Math.round((performance.now() - begun) / 1000), machine: machine(), versions: await versions(), figures }
  await mkdir(fileURLToPath(new URL('.', import.meta.url)), { recursive: true })
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  say('written to bench/results.json')
}

type Results = { figures: readonly Figure[] }

/** The new ones in the places of the old, those that are new altogether at the end. */
function taken(results: Results, fresh: readonly Figure[]): Results {
  const byId = new Map([...results.figures, ...fresh].map((figure) => [figure.id, figure]))
  return { ...results, figures: [...byId.values()] }
}

function machine() {
  const [cpu] = cpus()
  return { cpu: cpu?.model, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), system: `${platform()} ${release()}`, node: process.version }
}

async function versions(): Promise<Record<string, string>> {
  const require = createRequire(import.meta.url)
  const names = ['viem', 'wagmi', 'react', '@tanstack/react-query', '@metamask/smart-accounts-kit', '@foundry-rs/anvil']
  const found = await Promise.all(names.map(async (name) => [name, await versionOf(require, name)] as const))
  return Object.fromEntries(found)
}

/** From the file, for packages do not all export theirs. */
async function versionOf(require: NodeJS.Require, name: string): Promise<string> {
  for (const folder of require.resolve.paths(name) ?? []) {
    const text = await readFile(`${folder}/${name}/package.json`, 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  throw new Error(`${name} is not installed.`)
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ id, ours, peer, peerName, ratio, unit, spread }) => [
    id,
    number(ours) + (spread ? ` (${number(spread.ours.min)} to ${number(spread.ours.max)})` : ''),
    peer === undefined ? '' : number(peer),
    ratio === undefined ? '' : ratio.toFixed(2),
    unit,
    peerName ?? '',
  ])
  const head = ['figure', 'ours', 'peer', 'ours/peer', 'unit', 'peer is']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] as string).length)))
  return [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ').trimEnd()).join('\n')
}

function number(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
