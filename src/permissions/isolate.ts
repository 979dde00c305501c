/**
 * Marks a piece of a sentence as one that keeps its own direction, so that `1000 GOLD` and `0x7099…79C8` read the same in an Arabic sentence
 * as in an English one. Characters and not elements: a sentence is also an accessible name, a title, an option of a list.
 * @see Unicode UAX #9, FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE
 */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`
}

/**
 * Isolates what holds letters that are written from right to left, and leaves everything else as it is. Without it a token named in Arabic
 * takes the figure after it along: `1000 ذهب, 5000 ذهب` shows the two amounts in the other order.
 */
export function isolateRightToLeft(text: string): string {
  return holdsRightToLeft(text) ? isolate(text) : text
}

export function holdsRightToLeft(text: string): boolean {
  return rightToLeft.test(text)
}

/** Blocks that hold letters of Bidi_Class R and AL, from Hebrew to Arabic Extended-A, their presentation forms, and those beyond the BMP. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u
