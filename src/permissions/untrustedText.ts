import { isolateRightToLeft } from './isolate.js'

/**
 * Text that somebody else chose, made safe to put into a sentence: no control or direction characters, no line
 * breaks, no stacks of accents, not too long. Undefined when nothing is left.
 */
export function untrustedText(text: string | undefined, maxLength = 40): string | undefined {
  if (!text) return undefined
  const clean = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim()
  const letters = Array.from(unmasked(clean))
  return letters.length > maxLength ? `${letters.slice(0, maxLength - 1).join('')}…` : letters.join('') || undefined
}

/** Cyrillic and Greek letters that look like Latin ones. @see Unicode UTS #39, confusables */
const lookAlikes = /[аеорсухіјѕһԁԛԝгѵАВЕЅІЈКМНОРСТУХԌԚԜαινορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]/gu

/** A word that mixes them with Latin letters shows which they are: `Sw[U+043E]rd`. A word in one script stays as it is. */
function unmasked(text: string): string {
  return text.replace(/\S+/gu, (word) =>
    /[A-Za-z]/.test(word) ? word.replace(lookAlikes, (letter) => `[U+${(letter.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`) : word,
  )
}

/**
 * A name for the middle of a sentence. One that could itself be read as a part of the sentence
 * ("Sword, at most once") comes in quotation marks.
 */
export function untrustedName(text: string | undefined, quoted: (text: string) => string): string | undefined {
  const clean = untrustedText(text)
  if (clean === undefined) return undefined
  return /^[\p{L}\p{N}\p{M}\p{Sc}._'’+-]+( [\p{L}\p{N}\p{M}\p{Sc}._'’+-]+)?(:\d+)?$/u.test(clean) ? clean : quoted(clean.replace(/["“”„«»]/g, ''))
}

/** A name as it stands in a sentence: one that is written from right to left is isolated, so that it moves nothing beside it. */
export function nameInSentence(text: string | undefined, quoted: (text: string) => string): string | undefined {
  const name = untrustedName(text, quoted)
  return name === undefined ? undefined : isolateRightToLeft(name)
}
