import { openDB } from 'idb'
import { plantInTree } from './Planted.js'
import type { PagePlace, ReadablePage } from './readPage.js'

/** Leaks a secret on purpose, the way a careless change would. */
export async function plant({ root, queryClient, errors }: ReadablePage, place: PagePlace, secret: string | Uint8Array): Promise<void> {
  const text = typeof secret === 'string' ? secret : String.fromCharCode(...secret)
  const key = `planted-${crypto.randomUUID()}`
  switch (place) {
    case 'IndexedDB':
      return plantRow(key, secret)
    case 'localStorage':
      return localStorage.setItem(key, text)
    case 'sessionStorage':
      return sessionStorage.setItem(key, text)
    case 'React tree':
      return plantInTree(secret)
    case 'query cache':
      return void queryClient.setQueryData([key], { rows: new Map([['secret', secret]]) })
    case 'mutation cache':
      await queryClient.getMutationCache().build(queryClient, { mutationFn: async (secret) => secret }).execute({ secret })
      return
    case 'document':
      return root.setAttribute(`data-${key}`, text)
    case 'errors as logged':
      return void errors.push(new Error('It failed.', { cause: new Error(`because of ${text}`) }))
    case 'errors in full':
      return void errors.push(Object.assign(new Error('It failed.'), { details: new Set([secret]) }))
    case 'console':
      return console.info('planted', { deep: [secret] })
    case 'messages': {
      const channel = new BroadcastChannel('planted')
      channel.postMessage({ secret })
      return channel.close()
    }
    default:
      place satisfies never
  }
}

async function plantRow(key: string, secret: string | Uint8Array): Promise<void> {
  const database = await openDB(key, 1, { upgrade: (upgrading) => void upgrading.createObjectStore('rows') })
  await database.put('rows', { secret }, key)
  database.close()
}
