import type { readAppWords } from '../../permissions/appWords.js'

/** What reads clear-signing files: not small, and most apps have none, so it is loaded where there are some, before anybody is asked. */
export type AppWordsReader = typeof readAppWords

let reader: AppWordsReader | undefined

/** Once it is loaded. */
export const appWordsReader = (): AppWordsReader | undefined => reader

export async function loadAppWordsReader(): Promise<AppWordsReader> {
  reader ??= (await import('../../permissions/appWords.js')).readAppWords
  return reader
}
