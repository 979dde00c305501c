import { expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'

const none = () => false

test('CHROME_PATH wins over everything', async () => {
  const browser = await findBrowser({ env: { CHROME_PATH: process.execPath }, isExecutable: () => true })
  expect(browser).toMatchObject({ executablePath: process.execPath, from: 'CHROME_PATH' })
})

test('a CHROME_PATH that does not exist is an error, not a reason to look elsewhere', async () => {
  await expect(findBrowser({ env: { CHROME_PATH: '/nope' }, isExecutable: () => true })).rejects.toThrow(
    'CHROME_PATH is /nope, which does not exist.',
  )
})

test.each([
  ['linux', { PATH: '/opt/bin:/usr/bin' }, '/opt/bin/chromium'],
  ['linux', { PATH: '' }, '/snap/bin/chromium'],
  ['darwin', {}, '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
  ['darwin', {}, '/home/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
  ['win32', { ProgramFiles: 'C:\\Program Files' }, 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'],
  ['win32', { 'ProgramFiles(x86)': 'C:\\Program Files (x86)' }, 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
  ['win32', { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, 'C:\\Users\\ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe'],
])('%s %o: finds %s', async (platform, env, installed) => {
  const browser = await findBrowser({ platform, env, home: '/home/ada', isExecutable: (file) => file === installed })
  expect(browser).toMatchObject({ executablePath: installed, from: 'system' })
})

test('Chrome is preferred to Edge', async () => {
  const browser = await findBrowser({ platform: 'linux', env: {}, isExecutable: () => true })
  expect(browser.executablePath).toBe('/usr/bin/google-chrome-stable')
})

test('without any browser one line says what to install', async () => {
  await expect(findBrowser({ platform: 'linux', arch: 'arm64', env: {}, isExecutable: none })).rejects.toThrow(
    /^No browser found: install .+, or set CHROME_PATH to one\.$/,
  )
})
