import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { transitions } from '../../src/sessions/status.js'

const root = resolve(import.meta.dirname, '../..')

test('ARCHITECTURE.md prints the table of statuses that the code uses', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const printed = /<!-- transitions:begin -->\n([\s\S]*?)<!-- transitions:end -->/.exec(text)?.[1]
  const rows = Object.entries(transitions).map(([from, to]) => `| \`${from}\` | ${to.map((status) => `\`${status}\``).join(' · ') || 'nothing'} |`)
  expect(printed).toBe(['| from | to |', '|---|---|', ...rows, ''].join('\n'))
})

/** A room may import the rooms named here, and itself. */
const allowed: Record<string, readonly string[]> = {
  errors: [],
  permissions: ['errors'],
  delegation: ['errors', 'permissions'],
  consent: ['errors', 'permissions'],
  keys: ['errors', 'permissions', 'delegation'],
  dialects: ['errors', 'permissions', 'delegation'],
  execution: ['errors', 'permissions', 'delegation', 'keys', 'dialects'],
  sessions: ['errors', 'permissions', 'delegation', 'consent', 'keys', 'dialects', 'execution'],
  actions: ['errors', 'permissions', 'delegation', 'consent', 'keys', 'dialects', 'execution', 'sessions'],
  react: ['errors', 'permissions', 'consent', 'dialects', 'sessions', 'actions'],
  ui: ['errors', 'permissions', 'consent', 'sessions', 'actions', 'react'],
  devtools: ['errors', 'permissions', 'dialects', 'sessions', 'actions', 'react', 'ui'],
  locales: ['permissions', 'ui'],
  wallet: ['errors', 'permissions', 'delegation', 'consent', 'dialects', 'execution'],
  server: ['errors', 'permissions', 'delegation', 'keys', 'execution', 'sessions', 'actions'],
  testing: ['errors', 'permissions', 'delegation', 'consent', 'keys', 'dialects', 'sessions', 'actions', 'react', 'wallet', 'server'],
}

test('imports run downwards only', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const upwards = files.flatMap((file) => {
    const room = file.split(/[\\/]/)[0] as string
    if (!(room in allowed)) return []
    const text = readFileSync(join(root, 'src', file), 'utf8')
    return [...text.matchAll(/from '(\.[^']+)'/g)].flatMap(([, path]) => {
      const target = relative(join(root, 'src'), resolve(dirname(join(root, 'src', file)), path as string)).split(/[\\/]/)[0] as string
      return target === room || allowed[room]?.includes(target) ? [] : [`${file} imports ${target}`]
    })
  })
  expect(upwards).toEqual([])
})
