import { Chains, Key, Mode, Porto, Storage } from 'porto'
import type { Address } from 'viem'
// Not among the package's entry points; these are what its own modes grant with.
import * as PermissionsRequest from '../../node_modules/porto/dist/core/internal/permissionsRequest.js'
import type { Provider } from '../../src/dialects/dialect.js'

export const portoChainId = Chains.base.id

/** Stands for the contract through which Porto's relay sends calls: the relay adds a row for it to every key. */
export const orchestrator: Address = '0x1111111111111111111111111111111111111111'

/**
 * Porto's own provider, in this process: its request schemas, its encoding of answers, its store. Only what it would ask
 * its servers and its user is answered here, in the words of its relay mode.
 */
export function openPorto(account: Address, { listedBy = 'device' }: { listedBy?: 'device' | 'relay' } = {}) {
  const storage = Storage.memory()
  // A store that is there already is read at once; an empty one is waited for at every request.
  void storage.setItem('porto.store', { state: { accounts: [{ address: account, keys: [] }], chainIds: [portoChainId] }, version: 5 })
  const wallet = Porto.create({
    announceProvider: false,
    chains: [Chains.base],
    storage,
    mode: Mode.from({
      name: 'rpc',
      actions: {
        async grantPermissions({ permissions, internal }: { permissions: never; internal: { client: { chain: { id: number } } } }) {
          const key = await PermissionsRequest.toKey(permissions, { chainId: internal.client.chain.id })
          return { key }
        },
        async getKeys({ account: { keys = [] } }: { account: { keys?: Key.Key[] } }) {
          if (listedBy === 'device') return keys
          return keys.map((key) => Key.fromRelay(Key.toRelay(key, { orchestrator }), { chainId: portoChainId }))
        },
        async revokePermissions() {},
        async getCapabilities() {
          const about = { atomic: { status: 'supported' }, permissions: { supported: true }, feeToken: { supported: true, tokens: [] } }
          return { [`0x${portoChainId.toString(16)}`]: about }
        },
      } as never,
    }),
  })
  return wallet.provider as unknown as Provider
}
