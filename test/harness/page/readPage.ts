import { dehydrate, type QueryClient } from '@tanstack/react-query'
import type { Shown } from './ShownSessions.js'
import { textsIn } from './textsIn.js'

/** Where a script of this page, an extension, a log or a curious user can look. */
export type PagePlace =
  | 'IndexedDB'
  | 'localStorage'
  | 'sessionStorage'
  | 'React tree'
  | 'query cache'
  | 'mutation cache'
  | 'document'
  /** Their words, stacks and JSON, and those of their causes. */
  | 'errors as logged'
  /** Every property. */
  | 'errors in full'
  | 'console'
  /** To other tabs, windows and workers. */
  | 'messages'

export type ReadablePage = {
  root: HTMLElement
  queryClient: QueryClient
  /** What queries and mutations failed with. */
  errors: unknown[]
  /** What became of each mutation. */
  settled: string[]
  shown: Shown
}

/** Everything that is to be read in this page, as texts, by the place where it was found. */
export async function readPage({ root, queryClient, errors }: ReadablePage): Promise<Record<PagePlace, string[]>> {
  const everything = { shouldDehydrateQuery: () => true, shouldDehydrateMutation: () => true, shouldRedactErrors: () => false }
  const { queries, mutations } = dehydrate(queryClient, everything)
  return {
    IndexedDB: await indexedDbTexts(),
    localStorage: textsIn({ ...localStorage }),
    sessionStorage: textsIn({ ...sessionStorage }),
    'React tree': textsIn(fiberOf(root)),
    'query cache': textsIn(queries, queryClient.getQueryCache().getAll()),
    'mutation cache': textsIn(mutations, queryClient.getMutationCache().getAll()),
    document: documentTexts(),
    'errors as logged': errors.flatMap(loggedTexts),
    'errors in full': textsIn(errors),
    console: window.said.console.flat().flatMap(loggedTexts),
    messages: textsIn(window.said.messages),
  }
}

/** React keeps its tree of components on the element that it renders into: props, state, contexts and refs of each. */
function fiberOf(root: HTMLElement): unknown {
  const key = Object.keys(root).find((name) => name.startsWith('__reactContainer$'))
  if (key === undefined) throw new Error('There is no React tree.')
  return root[key as keyof HTMLElement]
}

function documentTexts(): string[] {
  const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ value }) => value))
  const { outerHTML, textContent } = document.documentElement
  return [outerHTML, textContent ?? '', ...attributes, document.cookie, location.href, window.name, ...textsIn(history.state)]
}

/** What a console, a log or an error report shows: of an error its words, its stack, its JSON, and those of its causes; of all else all. */
function loggedTexts(logged: unknown): string[] {
  if (!(logged instanceof Error)) return textsIn(logged)
  const json = JSON.stringify(logged, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return [String(logged), logged.message, logged.stack ?? '', json, ...(logged.cause === undefined ? [] : loggedTexts(logged.cause))]
}

async function indexedDbTexts(): Promise<string[]> {
  const texts: string[] = []
  for (const { name } of await indexedDB.databases()) {
    const database = await finished(indexedDB.open(name as string))
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName)
      const [keys, rows] = await Promise.all([finished(store.getAllKeys()), finished(store.getAll())])
      texts.push(...textsIn(storeName, keys, rows))
      // A key that can be exported is as good as stored in clear.
      for (const row of rows) for (const key of cryptoKeysIn(row)) texts.push(...(await exported(key)))
    }
    database.close()
  }
  return texts
}

function finished<result>(request: IDBRequest<result>): Promise<result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function cryptoKeysIn(value: unknown): CryptoKey[] {
  if (value instanceof CryptoKey) return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(cryptoKeysIn) : []
}

async function exported(key: CryptoKey): Promise<string[]> {
  const formats = ['raw', 'jwk', 'pkcs8'] as const
  const answers = await Promise.all(formats.map((format) => crypto.subtle.exportKey(format as 'raw', key).catch(() => undefined)))
  return textsIn(answers)
}
