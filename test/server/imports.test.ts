import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle, type Bundle } from './bundle.js'

let server: Bundle
beforeAll(async () => void (server = await bundle('../../src/server/index.ts', ['viem', 'valibot'])), 60_000)
afterAll(() => server.remove())

/** Runs a module in the folder in which only viem and valibot are installed. */
async function run(code: string): Promise<string> {
  const file = join(server.folder, `${crypto.randomUUID()}.mjs`)
  writeFileSync(file, code)
  return (await promisify(execFile)(process.execPath, [file])).stdout.trim()
}

test('is there, and works, where react, wagmi and TanStack Query are not', async () => {
  for (const absent of ['react', 'wagmi', '@tanstack/react-query', 'react-dom', '@wagmi/core']) {
    expect(await run(`console.log(await import('${absent}').then(() => 'here', (error) => error.code))`), absent).toBe('ERR_MODULE_NOT_FOUND')
  }
  const answer = await run(`
    import { createEnrolment, createMemoryAgentStore, createRelay, createSessionAgent, environmentKeys } from ${JSON.stringify(server.file)}
    const store = createMemoryAgentStore()
    const custody = environmentKeys({ secret: 'x'.repeat(32) })
    const { handler } = createEnrolment({ store, custody, chains: [], definitions: [], authenticate: () => ({ id: 'a' }) })
    const agent = createSessionAgent({ store, custody, chains: [] })
    const body = JSON.stringify({ action: 'address', session: 'x', chainId: 1, account: '0x' + '11'.repeat(20), permissionsHash: '0x' + '22'.repeat(32) })
    const response = await handler(new Request('http://x', { method: 'POST', headers: { 'content-type': 'application/json' }, body }))
    console.log(typeof createRelay, (await response.json()).error.reason, JSON.stringify(await agent.sessions()), JSON.stringify(await agent.recover()))
  `)
  expect(answer).toBe('function unknown-session [] []')
})

test('asks for nothing that only Node or only a browser has', () => {
  const imported = [...server.code.matchAll(/^(?:import|export)\b[^\n]*["']([^"'.][^"']*)["'];?$/gm), ...server.code.matchAll(/\bimport\(["']([^"'.][^"']*)["']\)/g)].map(([, name = '']) => name)
  expect([...new Set(imported.map((name) => name.split('/')[0]))].sort()).toEqual(['valibot', 'viem'])
  expect(server.code).not.toMatch(/\b(window|document)\./)
})
