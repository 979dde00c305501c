import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
const examples = [...readme.matchAll(/```tsx?\n\/\/ example: (\S+)\n([\s\S]*?)```/g)].map(([, file, code]) => ({ file, code }))

// The files are compiled by `npm run check` and run by the tests, so what the README shows compiles and runs.
test.each(examples)('the README shows example/$file as it is', ({ file, code }) => {
  expect(code).toBe(readFileSync(join(import.meta.dirname, 'example', file as string), 'utf8'))
})

test('the README shows three examples, and tests a rejection in fifteen lines at most', () => {
  expect(examples.map(({ file }) => file)).toEqual(['app.tsx', 'rejected.test.tsx', 'relay.ts'])
  expect(examples[1]?.code?.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
})
