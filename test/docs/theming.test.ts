import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
const names = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort()

test('every custom property that the stylesheet reads is documented, and no other', () => {
  expect(names(read('docs/theming.md'), /^\| `(--rsk-[a-z-]+)`/gm)).toEqual(names(read('src/ui/styles.css'), /var\((--rsk-[a-z-]+)/g))
})

test('the colours that are documented are the colours', () => {
  const css = Object.fromEntries([...read('src/ui/styles.css').matchAll(/var\((--rsk-[a-z-]+), light-dark\((#\w+), (#\w+)\)\)/g)].map(([, name, light, dark]) => [name, `${light} ${dark}`]))
  const said = Object.fromEntries([...read('docs/theming.md').matchAll(/^\| `(--rsk-[a-z-]+)` \| .* \| `(#\w+)` · `(#\w+)` \|$/gm)].map(([, name, light, dark]) => [name, `${light} ${dark}`]))
  expect(said).toEqual(css)
  expect(Object.keys(css).length).toBeGreaterThan(10)
})
