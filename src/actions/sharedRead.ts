import type { SessionKeyConfig } from './createSessionKeyConfig.js'

const readsByConfig = new WeakMap<SessionKeyConfig, Map<string, Promise<unknown>>>()

/** What many ask for at once is read once. Only until the microtask ends in which it was first asked for: nobody can have written in between. */
export function sharedRead<found>(config: SessionKeyConfig, name: string, read: () => Promise<found>): Promise<found> {
  const reads = readsByConfig.get(config) ?? new Map<string, Promise<unknown>>()
  readsByConfig.set(config, reads)
  const known = reads.get(name) as Promise<found> | undefined
  if (known) return known
  const reading = read()
  reads.set(name, reading)
  queueMicrotask(() => reads.delete(name))
  return reading
}
