import { readdirSync, readFileSync } from 'node:fs'
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

test('every component that stands by itself has the colours at its root', () => {
  const components = readdirSync(join(import.meta.dirname, '../../src/ui'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => read(`src/ui/${file}`))
    .join('\n')
  const roots = names(components, /<\w+\b[^<>]*?className="(rsk-[a-z-]+)"[^<>]*? dir=\{messages\.direction\}/g)
  expect(roots).toEqual(expect.arrayContaining(['rsk-consent', 'rsk-difference', 'rsk-grant', 'rsk-mismatch', 'rsk-permissions']))
  const lists = [...read('src/ui/styles.css').matchAll(/:where\(([^()]*)\) \{\s*(?:color-scheme: [a-z ]+;\s*\}|--_surface:)/g)]
  expect(lists).toHaveLength(4)
  for (const [, list = ''] of lists) {
    expect(list.split(', ').map((name) => name.trim().slice(1))).toEqual(expect.arrayContaining(roots))
  }
})
