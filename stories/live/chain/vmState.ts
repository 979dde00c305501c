import { createCustomCommon, Hardfork, Mainnet, type Common } from '@ethereumjs/common'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { createAccount, createAddressFromString, hexToBytes, setLengthLeft, type PrefixedHexString } from '@ethereumjs/util'
import { createVM, type VM } from '@ethereumjs/vm'
import type { Genesis } from './genesis.js'

/** The state as it stood after a block. */
export type StateCopy = { readonly accounts: Accounts; readonly codes: Codes; readonly storage: Storage }
type Accounts = SimpleStateManager['accountStack'][number]
type Codes = SimpleStateManager['codeStack'][number]
type Storage = SimpleStateManager['storageStack'][number]

export type VmState = { vm: VM; common: Common; state: SimpleStateManager }

/**
 * An EVM as of Osaka, like anvil's, in the given state. The state manager keeps plain maps and no roots: nothing here has to prove
 * anything, and it is twice as fast as a trie.
 */
export async function createVmState({ chainId, accounts }: Genesis): Promise<VmState> {
  const common = createCustomCommon({ chainId, name: 'page' }, Mainnet, { hardfork: Hardfork.Osaka })
  const state = new SimpleStateManager({ common })
  for (const [address, { balance, nonce, code, storage }] of Object.entries(accounts)) {
    const at = createAddressFromString(address)
    await state.putAccount(at, createAccount({ balance: BigInt(balance), nonce: BigInt(nonce) }))
    if (code !== '0x') await state.putCode(at, hexToBytes(code))
    for (const [slot, value] of Object.entries(storage)) {
      await state.putStorage(at, setLengthLeft(hexToBytes(slot as PrefixedHexString), 32), trimmed(hexToBytes(value)))
    }
  }
  return { vm: await createVM({ common, stateManager: state }), common, state }
}

/** As the EVM itself stores a word: without leading zeros. */
function trimmed(value: Uint8Array): Uint8Array {
  const start = value.findIndex((byte) => byte !== 0)
  return start === -1 ? new Uint8Array(0) : value.slice(start)
}

/** Copies the state as it is now; what is copied never changes again. */
export function copyState({ state }: VmState): StateCopy {
  const copy = { accounts: new Map(), codes: new Map(top(state.codeStack)), storage: new Map(top(state.storageStack)) }
  for (const [address, account] of top(state.accountStack)) copy.accounts.set(address, account && Object.assign(Object.create(Object.getPrototypeOf(account)), account))
  return copy
}

/** Works on a state, and leaves no trace: of that work, or of a failure in it. */
export async function onCopy<result>({ vm, state }: VmState, past: StateCopy | undefined, work: () => Promise<result>): Promise<result> {
  const depth = state.accountStack.length
  if (past) {
    state.accountStack.push(past.accounts)
    state.codeStack.push(past.codes)
    state.storageStack.push(past.storage)
  }
  await state.checkpoint()
  try {
    return await work()
  } finally {
    while (state.accountStack.length > depth) await state.revert()
    await vm.evm.journal.cleanup()
    state.originalStorageCache.clear()
  }
}

function top<item>(stack: readonly item[]): item {
  return stack[stack.length - 1] as item
}
