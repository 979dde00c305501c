export type BundleSize = {
  /** gz bytes of JavaScript that is loaded before anything is used. */
  initial: number
  /** With all that is loaded when it is needed. */
  all: number
  /** By module, as written, the largest first: what the initial bytes are made of. */
  modules: readonly { id: string; bytes: number }[]
}

/** Bundles `code` as an app would, minified, with the peer dependencies left out. */
export function bundleSize(parameters: { code: string; root: string; alias?: Record<string, string> }): Promise<BundleSize>
