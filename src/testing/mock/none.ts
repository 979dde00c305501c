import type { MockDialect } from './mockDialect.js'
import { unsupportedMethod } from './rpcError.js'

/** A plain wallet: it has an account and sends transactions, and does not know a single `wallet_` method. */
export const none = {
  connector: { id: 'mock', name: 'Plain wallet (mock)' },
  methods: () => ({
    wallet_switchEthereumChain() {
      throw unsupportedMethod('wallet_switchEthereumChain')
    },
  }),
  unknownMethod: unsupportedMethod,
} as const satisfies MockDialect
