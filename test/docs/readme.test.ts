import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

function examplesIn(document: string) {
  const text = readFileSync(join(import.meta.dirname, '../..', document), 'utf8')
  return [...text.matchAll(/```tsx?\n\/\/ example: (\S+)\n([\s\S]*?)```/g)].map(([, file, code]) => ({ file, code }))
}
const examples = examplesIn('README.md')
const recipes = examplesIn('docs/recipes.md')
const servers = examplesIn('docs/servers.md')
const lanes = examplesIn('docs/lanes.md')
const relays = examplesIn('docs/relay.md')

// The files are compiled by `npm run check` and run by the tests, so what the README shows compiles and runs.
test.each([...examples, ...recipes, ...servers, ...lanes, ...relays])('the docs show example/$file as it is', ({ file, code }) => {
  expect(code).toBe(readFileSync(join(import.meta.dirname, 'example', file as string), 'utf8'))
})

test('there are four recipes, one of them in four files', () => {
  expect(recipes.map(({ file }) => file)).toEqual(['game.tsx', 'subscriptionTerms.ts', 'subscription.tsx', 'charging.ts', 'serverKey.ts', 'tradingBot.tsx'].map((file) => `recipes/${file}`))
})

test('the README shows three examples, and tests a rejection in fifteen lines at most', () => {
  expect(examples.map(({ file }) => file)).toEqual(['app.tsx', 'rejected.test.tsx', 'relay.ts'])
  expect(examples[1]?.code?.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
})
