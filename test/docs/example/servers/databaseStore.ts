import { createDatabaseStore, openDatabase } from 'react-session-keys/server/automation'

export async function openStore(url = './.session-keys') {
  const database = await openDatabase(url)
  return { database, store: createDatabaseStore(database) }
}
