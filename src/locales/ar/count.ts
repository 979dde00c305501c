/** The forms of an Arabic counted noun. Category `two` is a word of its own, and 11 takes another form than 3. @see Unicode CLDR, plural rules of `ar` */
export type CountForms = { zero: string; one: string; two: string; few: string; many: string; other: string }

const rules = new Intl.PluralRules('ar')

/** `مرة واحدة` · `مرتين` · `3 مرات` · `11 مرة`. `formatted` is the count as it is written. */
export function counted(count: number, formatted: string, forms: CountForms): string {
  const category = rules.select(count)
  const form = forms[category]
  return category === 'one' || category === 'two' ? form : `${formatted} ${form}`
}

/** How often something may happen, in the accusative. */
export function times(count: number, formatted: string): string {
  return counted(count, formatted, { zero: 'مرة', one: 'مرة واحدة', two: 'مرتين', few: 'مرات', many: 'مرة', other: 'مرة' })
}
