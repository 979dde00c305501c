import type { BundleSize } from './bundleSize.mjs'

/** By name, the hooks of the main entry. */
export const hooks: readonly string[]

export function ownSizes(): Promise<{ main: BundleSize; headless: BundleSize; ui: BundleSize; css: number; hooks: Record<string, number> }>
