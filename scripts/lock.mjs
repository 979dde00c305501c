/**
 * Makes package-lock.json the same for everyone, whichever registry or platform wrote it:
 *
 * - the address of the registry goes, the integrity hashes stay: npm then asks the registry it is configured for;
 * - optional platform packages that the registry at hand did not have are entered, or `npm ci` calls the lock out of
 *   sync. Their integrity is not known here and none is made up; os and cpu are read from the package's name.
 *
 *   node scripts/lock.mjs [file]           rewrites the lock
 *   node scripts/lock.mjs --check [file]   fails if that would change anything
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {{
 *   version?: string, resolved?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[],
 *   libc?: string[], optionalDependencies?: Record<string, string>, [key: string]: unknown
 * }} Entry
 * @typedef {Record<string, Entry>} Packages by path, as in the lock
 */

const check = process.argv.includes('--check')
const file = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? fileURLToPath(new URL('../package-lock.json', import.meta.url))

const lock = JSON.parse(readFileSync(file, 'utf8'))
const addressed = entriesWithRegistryAddress(lock.packages)
const missing = missingOptionalEntries(lock.packages)

if (!check) {
  for (const path of addressed) delete lock.packages[path].resolved
  lock.packages = sorted({ ...lock.packages, ...missing })
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
} else {
  if (addressed.length > 0) fail(`names a registry's address, first for ${addressed[0]} (${addressed.length} in all)`)
  if (Object.keys(missing).length > 0) fail(`lacks entries for optional packages: ${Object.keys(missing).join(', ')}`)
}

/** @param {Packages} packages */
function entriesWithRegistryAddress(packages) {
  // Only what a registry serves: a dependency given as a tarball's URL could not be found without it.
  return Object.keys(packages).filter((path) => /^https?:\/\/.+\/-\/[^/]+\.tgz$/.test(packages[path].resolved ?? ''))
}

/**
 * @param {Packages} packages
 * @returns {Packages}
 */
function missingOptionalEntries(packages) {
  /** @type {Packages} */
  const missing = {}
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isEntered(packages, parent, name)) continue
      if (!/^\d+\.\d+\.\d+/.test(version)) {
        throw new Error(`${parent} wants ${name} ${version}: without an exact version no entry can be made for it.`)
      }
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true }
    }
  }
  return missing
}

/**
 * Looks where node would: beside the package, then in each folder above it.
 * @param {Packages} packages
 * @param {string} parent
 * @param {string} name
 */
function isEntered(packages, parent, name) {
  for (let path = parent; path; path = path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))) {
    if (packages[`${path}/node_modules/${name}`]) return true
  }
  return Boolean(packages[`node_modules/${name}`])
}

/** @param {string} name of a package, for example @scope/tool-linux-arm64-musl */
function platformOf(name) {
  const words = name.split(/[-/_.]/)
  const pick = (/** @type {Record<string, string>} */ table) => words.map((word) => table[word]).find(Boolean)
  const found = {
    cpu: pick({ x64: 'x64', amd64: 'x64', arm64: 'arm64', aarch64: 'arm64', arm: 'arm', armv7: 'arm', ia32: 'ia32', i686: 'ia32', ppc64: 'ppc64', ppc64le: 'ppc64', riscv64: 'riscv64', s390x: 's390x', loong64: 'loong64', wasm32: 'wasm32' }),
    os: pick({ darwin: 'darwin', linux: 'linux', win32: 'win32', windows: 'win32', android: 'android', freebsd: 'freebsd', netbsd: 'netbsd', openbsd: 'openbsd', openharmony: 'openharmony', sunos: 'sunos', aix: 'aix' }),
    libc: pick({ musl: 'musl', musleabihf: 'musl', gnu: 'glibc', gnueabihf: 'glibc' }),
  }
  return Object.fromEntries(Object.entries(found).flatMap(([key, value]) => (value ? [[key, [value]]] : [])))
}

/**
 * In npm's own order, so that npm's next write changes nothing.
 * @param {Packages} packages
 */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
}

/** @param {string} what */
function fail(what) {
  console.error(`package-lock.json ${what}. Run: node scripts/lock.mjs`)
  process.exitCode = 1
}
