import { bundleSize } from '../scripts/bundleSize.mjs'
import { ownSizes } from '../scripts/ownSizes.mjs'
import { counted, type Figure } from './figure.js'
import { installPeers, peerFolder, peerPackages, type PeerPackage } from './peers.js'

const main = '@openfort/react' satisfies PeerPackage

/** gz bytes in an app, its peer dependencies left out, of ours and of others for the same purpose. */
export async function bytesFigures(say: (line: string) => void): Promise<Figure[]> {
  await installPeers(say)
  const { main: ours, headless, ui, css, hooks } = await ownSizes()
  const figures: Figure[] = []
  for (const name of Object.keys(peerPackages) as PeerPackage[]) {
    const size = await bundleSize({ code: peerPackages[name].code, root: peerFolder(name) })
    const suffix = name === main ? '' : `.${peerPackages[name].folder}`
    figures.push(
      counted(`bytes.main${suffix}`, 'bytes, gzip, initially', ours.initial, { name, value: size.initial }),
      counted(`bytes.headless${suffix}`, 'bytes, gzip, with all that is loaded later', headless.all, { name, value: size.all }),
    )
  }
  const largestHook = Math.max(...Object.values(hooks))
  return [...figures, counted('bytes.hook', 'bytes, gzip, of the largest single hook', largestHook), counted('bytes.ui', 'bytes, gzip, initially', ui.initial), counted('bytes.css', 'bytes, gzip', css)]
}
