import { feeTransfer } from '../execution/feeTransfer.js'
import { NetworkFeesNotAllowedError } from '../execution/relayFeeErrors.js'
import { check } from '../permissions/check.js'
import type { Permission } from '../permissions/permission.js'
import type { SessionKeyConfig } from './createSessionKeyConfig.js'

/**
 * A session that could not pay its relay for a single send is not worth asking for. A relay that does not answer is no reason not to ask.
 * @throws {NetworkFeesNotAllowedError}
 */
export async function requireNetworkFees(config: SessionKeyConfig, chainId: number, permissions: readonly Permission[]): Promise<void> {
  const terms = await config.relayFees?.(chainId).catch(() => undefined)
  if (!terms) return
  const fee = { token: terms.token, feeCollector: terms.feeCollector, amount: terms.minFee }
  // Whenever in its life: a permission may begin later, and a stream with nothing.
  const unlocked = permissions.map((permission) => ('perSecond' in permission ? { ...permission, initial: permission.max } : permission))
  const verdict = check({ permissions: unlocked, expiry: Infinity, now: Number.MAX_SAFE_INTEGER, calls: [feeTransfer(fee)] })
  if (!verdict.allowed) throw new NetworkFeesNotAllowedError({ ...fee, cause: undefined })
}
