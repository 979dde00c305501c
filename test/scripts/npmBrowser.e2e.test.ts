import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { findBrowser } from '../../scripts/browser.mjs'

const none = () => false

test.runIf(process.platform === 'linux' && process.arch === 'x64')('on linux x64 the one from npm runs', async () => {
  const { executablePath, args, from } = await findBrowser({ env: {}, isExecutable: none })
  expect({ from, args }).toEqual({ from: '@sparticuz/chromium', args: ['--no-sandbox', '--disable-gpu'] })

  const browser = await chromium.launch({ executablePath, args })
  const page = await browser.newPage()
  await page.setContent('<p>it runs</p>')
  expect(await page.textContent('p')).toBe('it runs')
  await browser.close()
}, 60_000)
