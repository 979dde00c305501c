import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/**
 * A browser to drive, nothing downloaded: CHROME_PATH, else the one this system has, else the one from npm.
 * Looks only when called, so that whoever needs no browser needs none installed.
 *
 * @param {import('./browser.d.mts').Machine} [machine]
 * @returns {Promise<import('./browser.d.mts').Browser>}
 */
export async function findBrowser({ env = process.env, platform = process.platform, arch = process.arch, home = homedir(), isExecutable = canExecute } = {}) {
  if (env.CHROME_PATH) {
    if (!existsSync(env.CHROME_PATH)) throw new Error(`CHROME_PATH is ${env.CHROME_PATH}, which does not exist.`)
    return { executablePath: env.CHROME_PATH, args: plainArgs(platform), from: 'CHROME_PATH' }
  }
  const installed = installedBrowsers(platform, env, home).find(isExecutable)
  if (installed) return { executablePath: installed, args: plainArgs(platform), from: 'system' }

  if (platform === 'linux' && arch === 'x64') {
    const executablePath = await npmChromium()
    if (executablePath) return { executablePath, args: plainArgs(platform), from: '@sparticuz/chromium' }
  }
  throw new Error('No browser found: install Google Chrome, Chromium or Microsoft Edge, or set CHROME_PATH to one.')
}

/**
 * Containers run as root and without a GPU. Elsewhere the sandbox stays.
 * @param {string} platform
 */
function plainArgs(platform) {
  return platform === 'linux' ? ['--no-sandbox', '--disable-gpu'] : []
}

/**
 * @param {string} platform
 * @param {Record<string, string | undefined>} env
 * @param {string} home
 * @returns {string[]} where each system puts Chrome, Chromium and Edge, the preferred one first
 */
function installedBrowsers(platform, env, home) {
  if (platform === 'win32') {
    const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter((folder) => folder !== undefined)
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']
    return programs.flatMap((program) => folders.map((folder) => path.win32.join(folder, program)))
  }
  if (platform === 'darwin') {
    const programs = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `${name}.app/Contents/MacOS/${name}`)
    return programs.flatMap((program) => ['/Applications', path.posix.join(home, 'Applications')].map((folder) => path.posix.join(folder, program)))
  }
  const folders = [...new Set([...(env.PATH ?? '').split(':').filter(Boolean), '/usr/bin', '/snap/bin'])]
  const programs = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable']
  return programs.flatMap((program) => folders.map((folder) => path.posix.join(folder, program)))
}

/** @param {string} file */
function canExecute(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Not this package's own `args`: they switch off web security, and tests would pass on what a user's browser refuses. */
async function npmChromium() {
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    return await chromium.executablePath()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
