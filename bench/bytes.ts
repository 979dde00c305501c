import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { alias } from '../vite.config.js'
import { bundleSize } from './bundle.js'
import { counted, type Figure } from './figure.js'
import { installPeers, peerFolder, peerPackages, type PeerPackage } from './peers.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/** What an app imports for the main thing: the provider, its configuration, and the three main hooks. */
export const mainEntry = "export { SessionKeyProvider, createSessionKeyConfig, useGrantPermissions, useSessionKey, useSendSessionCalls } from 'react-session-keys'"
export const headlessEntry = "export * from 'react-session-keys'"
export const uiEntry = "export * from 'react-session-keys/ui'"

export const ownBundle = (code: string) => bundleSize({ code, root, alias })
export const stylesheetBytes = () => gzipSync(readFileSync(`${root}/src/ui/styles.css`), { level: 9 }).length

const main = '@openfort/react' satisfies PeerPackage

/** gz bytes in an app, its peer dependencies left out, of ours and of others for the same purpose. */
export async function bytesFigures(say: (line: string) => void): Promise<Figure[]> {
  await installPeers(say)
  const [ours, headless, ui] = [await ownBundle(mainEntry), await ownBundle(headlessEntry), await ownBundle(uiEntry)]
  const figures: Figure[] = []
  for (const name of Object.keys(peerPackages) as PeerPackage[]) {
    const size = await bundleSize({ code: peerPackages[name].code, root: peerFolder(name) })
    const suffix = name === main ? '' : `.${peerPackages[name].folder}`
    figures.push(
      counted(`bytes.main${suffix}`, 'bytes, gzip, initially', ours.initial, { name, value: size.initial }),
      counted(`bytes.headless${suffix}`, 'bytes, gzip, with all that is loaded later', headless.all, { name, value: size.all }),
    )
  }
  return [...figures, counted('bytes.ui', 'bytes, gzip, with all that is loaded later', ui.all), counted('bytes.css', 'bytes, gzip', stylesheetBytes())]
}
