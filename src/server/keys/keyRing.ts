import { getAddress, isAddress, isAddressEqual, keccak256, stringToHex, type Address, type LocalAccount } from 'viem'
import * as v from 'valibot'
import { KeyNotHereError } from '../../keys/errors.js'
import { AgentRowChangedError, type AgentRow, type AgentStore } from '../store/agentStore.js'
import type { KeptKey, KeyCustody } from './keyCustody.js'

/** The server's keys: one for each user, made when it is first asked for and the same from then on. */
export type KeyRing = {
  addressOf(user: string): Promise<Address>
  /** Of a key that was made before; makes none. */
  knownAddressOf(user: string): Promise<Address | undefined>
  /** Whose key it is; undefined for any other address. */
  userOf(address: Address): Promise<string | undefined>
  /** @throws {KeyNotHereError} no user has this key */
  signer(address: Address): Promise<LocalAccount>
}

export function createKeyRing(store: AgentStore, custody: KeyCustody): KeyRing {
  async function keyOf(user: string): Promise<KeptKey> {
    const id = rowId(user)
    const stored = await store.get('key', id)
    if (stored) return note(user, readKey(stored))
    const key = await custody.create(user)
    try {
      await store.put({ kind: 'key', id, rev: 0, group: '', open: false, body: JSON.stringify({ v: 1, ...key, address: getAddress(key.address) }) })
    } catch (error) {
      // Another process was first, and its key is the user's.
      if (!(error instanceof AgentRowChangedError)) throw error
    }
    // What was written, and not what was meant to be: this is what the user will grant to.
    const written = await store.get('key', id)
    if (!written) throw new Error('A key just written is not in the store.')
    return note(user, readKey(written))
  }

  /** The way back from the address. A process that dies before this is written writes it the next time. */
  async function note(user: string, key: KeptKey): Promise<KeptKey> {
    if (await store.get('address', key.address.toLowerCase())) return key
    const row: AgentRow = { kind: 'address', id: key.address.toLowerCase(), rev: 0, group: '', open: false, body: JSON.stringify({ user }) }
    await store.put(row).catch((error: unknown) => {
      if (!(error instanceof AgentRowChangedError)) throw error
    })
    return key
  }

  async function userOf(address: Address): Promise<string | undefined> {
    const row = await store.get('address', address.toLowerCase())
    if (!row) return undefined
    const { user } = JSON.parse(row.body) as { user?: unknown }
    return typeof user === 'string' ? user : undefined
  }

  return {
    addressOf: async (user) => (await keyOf(user)).address,
    async knownAddressOf(user) {
      const row = await store.get('key', rowId(user))
      return row && readKey(row).address
    },
    userOf,
    async signer(address) {
      const user = await userOf(address)
      const row = user === undefined ? undefined : await store.get('key', rowId(user))
      const key = row && readKey(row)
      if (user === undefined || !key || !isAddressEqual(key.address, address)) throw new KeyNotHereError({ address })
      return custody.signer(user, key)
    },
  }
}

/** A name of any length and any letters, as a row's id. */
function rowId(user: string): string {
  const text = encodeURIComponent(user)
  return text.length <= 190 ? `user:${text}` : `hash:${keccak256(stringToHex(user))}`
}

const schema = v.object({ v: v.literal(1), address: v.custom<Address>((value) => typeof value === 'string' && isAddress(value)), material: v.string() })

function readKey({ body }: AgentRow): KeptKey {
  const { address, material } = v.parse(schema, JSON.parse(body))
  return { address, material }
}
