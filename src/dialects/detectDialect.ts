import type { Dialect, Provider, SupportedPermissions } from './dialect.js'
import { erc7715 } from './erc7715.js'
import { UnsupportedWalletError } from './errors.js'

/** Asked in this order; the first that answers in its own words is spoken. */
const dialects: readonly Dialect[] = [erc7715]

/**
 * Finds out, without a prompt, which dialect a wallet speaks and what it can grant on a chain.
 * @throws {UnsupportedWalletError} it grants nothing
 */
export async function detectDialect(
  provider: Provider,
  { chainId, wallet }: { chainId: number; wallet: string },
): Promise<{ dialect: Dialect; supported: SupportedPermissions }> {
  let refusal: unknown
  for (const dialect of dialects) {
    try {
      const supported = await dialect.supports(provider, chainId)
      if (supported) return { dialect, supported }
    } catch (error) {
      refusal = error
    }
  }
  throw new UnsupportedWalletError({ wallet, cause: refusal instanceof Error ? refusal : undefined })
}
