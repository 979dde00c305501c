import { openDB } from 'idb'
import type { Address, Hex } from 'viem'
import { createWrappedKey, generateWrappingKey, type WrappedKey } from '../../../src/keys/wrappedSecp256k1.js'

/** A session as it was stored when the database's layout had version 1. */
export type SessionOfVersion1 = {
  id: string
  v: 1
  rev: number
  status: string
  name: string
  permissionsHash: Hex
  dialect: string
  origin: string
  chainId: number
  account: Address
  address: Address
  asked: { permissions: readonly object[]; expiry: number }
  granted: readonly { permission: object; context: Hex; delegationManager: Address }[]
  expiry: number
  createdAt: number
  updatedAt: number
}

/** `privateKey` is left out where the session has lost its key for good. */
export type SeedOfVersion1 = { session: SessionOfVersion1; privateKey?: Hex | undefined }

/** A database as the kit of then left it: three stores without an index, one wrapping key, and a key beside each session. */
export async function writeVersion1(name: string, seeds: readonly SeedOfVersion1[]): Promise<void> {
  const wrappingKey = await generateWrappingKey()
  const keys: (WrappedKey & { id: string })[] = []
  for (const { session, privateKey } of seeds) {
    const { id, chainId, account, origin } = session
    if (privateKey) keys.push({ ...(await createWrappedKey(wrappingKey, { id, chainId, account, origin }, privateKey)), id })
  }
  const database = await openDB(name, 1, {
    upgrade(upgrading) {
      upgrading.createObjectStore('sessions', { keyPath: 'id' })
      upgrading.createObjectStore('keys', { keyPath: 'id' })
      upgrading.createObjectStore('wrappingKeys')
    },
  })
  const transaction = database.transaction(['sessions', 'keys', 'wrappingKeys'], 'readwrite', { durability: 'strict' })
  const writing = [
    ...seeds.map(({ session }) => transaction.objectStore('sessions').add(session)),
    ...keys.map((key) => transaction.objectStore('keys').add(key)),
    transaction.objectStore('wrappingKeys').add(wrappingKey, 'default'),
  ]
  await Promise.all([...writing, transaction.done])
  database.close()
}
