import { decimalSeparator } from './formatAmount.js'

/**
 * What somebody wrote, in smallest units; undefined where it is no amount. Either decimal sign is taken, but no grouping: `1,000` is a
 * thousand to some and one to others, and so is `1.000` where a comma is the decimal sign.
 */
export function parseAmount(text: string, decimals: number, locale: string): bigint | undefined {
  const written = latinDigits(text.trim())
  const separator = decimalSeparator(locale)
  if (separator !== '.' && /^[1-9]\d{0,2}\.\d{3}$/.test(written)) return undefined
  const plain = written.replace(separator, '.')
  const [, whole = '', fraction = ''] = /^(\d{1,78})(?:\.(\d*))?$/.exec(plain) ?? []
  const exact = fraction.replace(/0+$/, '')
  if (!whole || exact.length > decimals) return undefined
  return BigInt(whole + exact.padEnd(decimals, '0'))
}

/** An amount as it is written into a field: exact, and without grouping. */
export function editableAmount(value: bigint, decimals: number, locale: string): string {
  const unit = 10n ** BigInt(decimals)
  const fraction = (value % unit).toString().padStart(decimals, '0').replace(/0+$/, '')
  return decimals > 0 && fraction ? `${value / unit}${decimalSeparator(locale)}${fraction}` : `${value / unit}`
}

/** Arabic and Persian keyboards have digits of their own. */
function latinDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹]/g, (digit) => String((digit.codePointAt(0) as number) & 0xf)).replace('٫', '.')
}
