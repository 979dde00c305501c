import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runnerImport, type Plugin } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
/** What stories import; see `stories/live/live-genesis.d.ts`. */
const importedAs = 'virtual:live-genesis.json?url'

/**
 * Makes the state that the live stories' chain begins with, with the same code that starts the local chain of the tests, once for each
 * run of Storybook. The file is then an asset like any other: emitted by a build, served in development.
 */
export function liveGenesis(): Plugin {
  let made: Promise<string> | undefined
  return {
    name: 'live-genesis',
    enforce: 'pre',
    // Before anything else: beside the work of a build, starting a chain would take long enough to be given up.
    async buildStart() {
      await (made ??= makeGenesis())
    },
    async resolveId(source) {
      return source === importedAs ? `${await (made ??= makeGenesis())}?url` : undefined
    },
  }
}

async function makeGenesis(): Promise<string> {
  const { module } = await runnerImport<typeof import('../stories/live/genesis/buildGenesis.js')>(path.join(root, 'stories/live/genesis/buildGenesis.ts'), {
    configFile: false,
    root,
    logLevel: 'error',
  })
  const file = path.join(root, 'node_modules/.cache/live-genesis/genesis.json')
  await mkdir(path.dirname(file), { recursive: true })
  // Put in place as a whole: another Storybook may be reading it.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, JSON.stringify(await module.buildGenesis()))
  await rename(draft, file)
  return file
}
