/**
 * `npm run check:size`: what the kit adds to an app, in gz bytes, against what it may add. `goal` is what we want to reach, `limit` what is
 * never gone beyond. With `--modules`, what the first bytes are made of.
 */
import { ownSizes } from './ownSizes.mjs'

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

try {
  const { main, headless, ui, css, hooks } = await ownSizes()
  const [largest] = Object.entries(hooks).sort(([, a], [, b]) => b - a)
  const budgets = [
    { what: 'provider, configuration and the three main hooks, initially', bytes: main.initial, goal: 6_000, limit: 10_000 },
    { what: `a single hook (the largest: ${largest[0]})`, bytes: largest[1], goal: 3_500, limit: 3_500 },
    { what: 'the whole headless entry, with everything loaded', bytes: headless.all, goal: 25_000, limit: 136_000 },
    { what: './ui, initially', bytes: ui.initial, goal: 14_000, limit: 46_000 },
    { what: 'styles.css', bytes: css, goal: 4_000, limit: 4_700 },
  ]
  for (const { what, bytes, goal, limit } of budgets) {
    console.log(`${bytes > limit ? 'too much' : bytes > goal ? 'within  ' : 'reached '}  ${kB(bytes).padStart(9)}  goal ${kB(goal).padStart(8)}  limit ${kB(limit).padStart(8)}  ${what}`)
  }
  if (process.argv.includes('--modules')) {
    for (const [name, { modules }] of Object.entries({ main, ui })) {
      console.log(`\n${name}, initially, by module as written`)
      for (const { id, bytes } of modules.slice(0, 30)) console.log(`${String(bytes).padStart(7)}  ${id.replace(/^.*?\/(src|node_modules)\//, '$1/')}`)
    }
  }
  process.exit(budgets.some(({ bytes, limit }) => bytes > limit) ? 1 : 0)
} catch (error) {
  console.error(`The sizes were not measured: ${error?.stack ?? error}`)
  process.exit(1)
}
