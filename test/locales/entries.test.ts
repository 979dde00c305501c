/** Each language is an entry of its own: who does not import it does not ship it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exports } from '../../package.json'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const languages = readdirSync(join(src, 'locales'))

/** Every file that a file brings along when it runs; types cost nothing. */
function filesOf(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found
  found.add(entry)
  for (const [statement, from = ''] of readFileSync(entry, 'utf8').matchAll(/^(?:import|export)\b[^'"]*?from '(\.[^']+)'/gm)) {
    if (/^(import|export) type\b/.test(statement)) continue
    const path = join(dirname(entry), from)
    filesOf([path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')].find(existsSync) ?? path, found)
  }
  return found
}
const under = (entry: string) => [...filesOf(join(src, entry))].map((file) => relative(src, file))

test('the languages are these', () => {
  expect(languages.sort()).toEqual(['ar', 'es'])
})

describe.each(languages)('%s', (language) => {
  test('is an export of the package', () => {
    expect(exports[`./locales/${language}` as keyof typeof exports]).toEqual({ types: `./dist/locales/${language}/index.d.ts`, default: `./dist/locales/${language}/index.js` })
  })

  test('brings no English along, no component, and no other language', () => {
    expect(under(`locales/${language}/index.ts`).filter((file) => !file.startsWith(`locales/${language}/`))).toEqual(['permissions/isolate.ts'])
  })
})

test.each(['index.ts', 'ui/index.ts', 'permissions/index.ts', 'actions/index.ts', 'wallet/index.ts', 'testing/index.ts'])('%s holds no language but English', (entry) => {
  const files = under(entry)
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter((file) => file.startsWith('locales/'))).toEqual([])
})
