import {
  BaseError,
  ExecutionRevertedError,
  decodeAbiParameters,
  encodeAbiParameters,
  encodeFunctionData,
  parseAbi,
  type Address,
  type Client,
  type Hex,
} from 'viem'
import { call } from 'viem/actions'
import type { UnixSeconds } from '../permissions/permission.js'

export type OpenfortSessionKey = {
  validAfter: UnixSeconds
  /** 0 for a key that was revoked, and as all else for one that was never there. */
  validUntil: UnixSeconds
  /** Calls left, where they are counted. */
  limit: number
  /** May call everything, without count. */
  masterSessionKey: boolean
  whitelisting: boolean
  /** The account's owner when the key was registered. */
  registrarAddress: Address
}

/**
 * What an account of Openfort's says of a session key; undefined where the account is another one, or is not deployed yet.
 * @throws the node's own error where it could not be asked
 * @see openfort-contracts `BaseOpenfortAccount.sessionKeys`
 */
export async function readSessionKey(client: Client, { account, key }: { account: Address; key: Address }): Promise<OpenfortSessionKey | undefined> {
  const { data } = await call(client, { to: account, data: encodeFunctionData({ abi, args: [key] }) }).catch((error: unknown) => {
    if (isRevert(error)) return { data: undefined }
    throw error
  })
  return data === undefined ? undefined : decodeSessionKey(data)
}

const abi = parseAbi([
  'function sessionKeys(address key) view returns (uint48 validAfter, uint48 validUntil, uint48 limit, bool masterSessionKey, bool whitelisting, address registrarAddress)',
])
const words = abi[0].outputs

/** Anything but these six words and no more, each within its range, is another contract's answer. */
function decodeSessionKey(data: Hex): OpenfortSessionKey | undefined {
  try {
    const values = decodeAbiParameters(words, data)
    // viem reads over words that come after, and over bits that do not fit.
    if (encodeAbiParameters(words, values) !== data.toLowerCase()) return undefined
    const [validAfter, validUntil, limit, masterSessionKey, whitelisting, registrarAddress] = values
    return { validAfter, validUntil, limit, masterSessionKey, whitelisting, registrarAddress }
  } catch {
    return undefined
  }
}

/** The account's code gave up, in whatever way. A node that could not run it says nothing of the account. */
function isRevert(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false
  return error.walk((cause) => cause instanceof ExecutionRevertedError || /invalid ?(fe)?opcode|out of ?gas/i.test((cause as Error).message)) !== null
}
