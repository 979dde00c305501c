import type { Address } from 'viem'

export type PricedToken = { chainId: number; token: Address | 'native' }

/** What one whole token is worth, in an ISO 4217 currency. */
export type Price = { currency: string; perToken: number }

/**
 * Where an app's prices come from: one per token, in the order they were asked for; undefined where it knows none. The kit asks nobody
 * by itself.
 */
export type PriceSource = (tokens: readonly PricedToken[]) => readonly (Price | undefined)[] | Promise<readonly (Price | undefined)[]>

/** Prices by lower-case address, or `native`. */
export type Prices = { readonly [token: string]: Price | undefined }

export function priceOf(prices: Prices | undefined, token: Address | 'native'): Price | undefined {
  const price = prices?.[token.toLowerCase()]
  return price && Number.isFinite(price.perToken) && price.perToken >= 0 && /^[A-Z]{3}$/.test(price.currency) ? price : undefined
}

/** An amount in money, rounded to what a currency shows: for orientation, never exact. */
export function fiatText(amount: bigint, decimals: number, { currency, perToken }: Price, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency, numberingSystem: 'latn' }).format((Number(amount) / 10 ** decimals) * perToken)
}
