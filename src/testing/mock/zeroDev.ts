import { methodsFrom2024, type WirePermission } from './erc7715From2024.js'
import type { MockDialect } from './mockDialect.js'
import { unsupportedMethod } from './rpcError.js'

/**
 * ZeroDev's wallet: ERC-7715 as in 2024, for calls of functions.
 *
 * Its faults, beside those of its family: it counts transactions, of the whole grant, and calls that a `rate-limit` with interval 0 ·
 * it refuses `call-limit` · a contract without functions it grants as nothing · its capabilities say nothing of permissions.
 *
 * @see zerodevapp/zerodev-wallet-sdk b93986b `packages/react/src/permissions/erc7715.ts`
 */
export const zeroDev = {
  connector: { id: 'zerodev-wallet', name: 'ZeroDev (mock)' },
  methods: (wallet) => methodsFrom2024(wallet, { policiesOf: { 'contract-call': ['rate-limit'] }, capabilities: { atomic: { status: 'supported' } }, refuse }),
  unknownMethod: unsupportedMethod,
} as const satisfies MockDialect

function refuse(permissions: readonly WirePermission[]): void {
  const rates = permissions.flatMap(({ policies }) => policies).filter(({ type }) => type === 'rate-limit')
  if (rates.some(({ data }) => data['interval'] !== 0)) {
    throw new Error('wallet_grantPermissions: only a rate-limit over the whole grant (interval 0) is supported')
  }
  if (new Set(rates.map(({ data }) => data['count'])).size > 1) {
    throw new Error('wallet_grantPermissions: rate-limit counts differ between permissions')
  }
}
