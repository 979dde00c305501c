/** An amount this large is no limit: nobody holds half of what a uint256 can count. */
export function isUnlimited(amount: bigint, bits = 256): boolean {
  return amount >= 1n << BigInt(bits - 1)
}

/**
 * Latin digits in every language, Arabic included, where both are in use: an amount reads the same as in the wallet, on an explorer and in
 * the field that lowers it, and nobody has to compare two kinds of digits before a yes. Grouped from 10,000 on.
 */
export function formatInteger(value: bigint | number, locale: string): string {
  return new Intl.NumberFormat(locale, { useGrouping: 'min2', numberingSystem: 'latn', maximumFractionDigits: 0 }).format(value)
}

/** Exact at any size: the digits never pass through a floating-point number. */
export function formatAmount(value: bigint, decimals: number, locale: string): string {
  const unit = 10n ** BigInt(decimals)
  const whole = formatInteger(value / unit, locale)
  const fraction = (value % unit).toString().padStart(decimals, '0').replace(/0+$/, '')
  return decimals > 0 && fraction ? `${whole}${decimalSeparator(locale)}${fraction}` : whole
}

/** Decimals are the contract's own claim; one that no token has counts as unknown. */
export function knownDecimals(decimals: number | undefined): number | undefined {
  return decimals !== undefined && Number.isInteger(decimals) && decimals >= 0 && decimals <= 77 ? decimals : undefined
}

export function decimalSeparator(locale: string): string {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn' }).formatToParts(1.5)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}
