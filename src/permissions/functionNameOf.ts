import { untrustedText } from './untrustedText.js'

/** The name in front of the arguments, cut and cleaned. */
export function functionNameOf(signature: string | undefined): string {
  return untrustedText(signature?.replace(/\(.*$/su, '')) ?? ''
}
