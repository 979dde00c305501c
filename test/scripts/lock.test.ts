import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/lock.mjs', import.meta.url))

/** A lock as npm writes it against a registry that has only the linux package of a tool. */
function writeLock() {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'package-lock.json')
  const lock = {
    name: 'app',
    lockfileVersion: 3,
    packages: {
      '': { name: 'app', devDependencies: { tool: '1.2.3' } },
      'node_modules/fork': { version: '2.0.0', resolved: 'https://example.org/fork-2.0.0.tar.gz', integrity: 'sha512-c' },
      'node_modules/tool': {
        version: '1.2.3',
        resolved: 'https://registry.example.org/tool/-/tool-1.2.3.tgz',
        integrity: 'sha512-a',
        dev: true,
        optionalDependencies: { '@tool/linux-x64-gnu': '1.2.3', '@tool/darwin-arm64': '1.2.3', 'tool-win32-amd64': '1.2.3', nested: '3.0.0' },
      },
      'node_modules/tool/node_modules/nested': { version: '3.0.0', dev: true, optional: true },
      'node_modules/@tool/linux-x64-gnu': {
        version: '1.2.3',
        resolved: 'https://registry.example.org/@tool/linux-x64-gnu/-/linux-x64-gnu-1.2.3.tgz',
        integrity: 'sha512-b',
        dev: true,
        optional: true,
      },
    } as Record<string, { resolved?: string; integrity?: string; optionalDependencies?: Record<string, string> }>,
  }
  const write = () => writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  write()
  return { file, lock, write, read: () => JSON.parse(readFileSync(file, 'utf8')) as typeof lock }
}

function runLock(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
  return { status, stderr }
}

test('the registry goes, integrity stays, the platforms it lacked are entered', () => {
  const { file, read } = writeLock()
  expect(runLock(file)).toEqual({ status: 0, stderr: '' })

  const { packages } = read()
  expect(JSON.stringify(packages)).not.toContain('registry.example.org')
  expect(packages['node_modules/tool']).toMatchObject({ version: '1.2.3', integrity: 'sha512-a' })
  expect(packages['node_modules/@tool/linux-x64-gnu']).toMatchObject({ integrity: 'sha512-b' })
  expect(packages['node_modules/@tool/darwin-arm64']).toEqual({ version: '1.2.3', cpu: ['arm64'], os: ['darwin'], dev: true, optional: true })
  expect(packages['node_modules/tool-win32-amd64']).toEqual({ version: '1.2.3', cpu: ['x64'], os: ['win32'], dev: true, optional: true })
  expect(packages['node_modules/nested'], 'it is entered below its parent').toBeUndefined()
  expect(packages['node_modules/fork'], 'a URL that is the dependency itself').toMatchObject({ resolved: 'https://example.org/fork-2.0.0.tar.gz' })
})

test('a second run changes nothing', () => {
  const { file } = writeLock()
  runLock(file)
  const first = readFileSync(file, 'utf8')
  runLock(file)
  expect(readFileSync(file, 'utf8')).toBe(first)
})

test('--check names what is wrong and writes nothing', () => {
  const { file } = writeLock()
  const before = readFileSync(file, 'utf8')
  const { status, stderr } = runLock('--check', file)
  expect(status).toBe(1)
  expect(stderr).toContain("names a registry's address")
  expect(stderr).toContain('lacks entries for optional packages: node_modules/@tool/darwin-arm64, node_modules/tool-win32-amd64')
  expect(readFileSync(file, 'utf8')).toBe(before)

  runLock(file)
  expect(runLock('--check', file)).toEqual({ status: 0, stderr: '' })
})

test('a pin that is no exact version is refused instead of guessed', () => {
  const { file, lock, write } = writeLock()
  lock.packages['node_modules/tool']!.optionalDependencies!['@tool/darwin-arm64'] = '^1.0.0'
  write()
  const { status, stderr } = runLock(file)
  expect(status).not.toBe(0)
  expect(stderr).toContain('wants @tool/darwin-arm64 ^1.0.0')
})

test("this repository's own lock passes", () => {
  expect(runLock('--check')).toEqual({ status: 0, stderr: '' })
})
