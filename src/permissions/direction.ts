export type Direction = 'ltr' | 'rtl'

/** @see Unicode script metadata: the scripts in use whose letters run from right to left */
const rightToLeftScripts = new Set(['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'])

/** Which way a language is written. `Intl.Locale` says so itself only in newer browsers. */
export function directionOf(locale: string): Direction {
  return rightToLeftScripts.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'
}
