import { hexToBytes, type Hex } from 'viem'

/** How a secret could be written down. `matches` gets texts as they were found. */
export type SecretForm = { name: string; isIn(text: string): boolean }

/** A private key as hex, base64, a decimal number, or bytes. */
export function keyForms(key: Hex): readonly SecretForm[] {
  const digits = key.slice(2).toLowerCase()
  const bytes = hexToBytes(key)
  const latin1 = String.fromCharCode(...bytes)
  const utf8 = new TextDecoder().decode(bytes)
  const decimal = BigInt(key).toString()
  const list = bytes.join()
  const map = [...bytes].map((byte, index) => `"${index}":${byte}`).join()
  const encoded = base64Forms(bytes)
  const encodedDigits = base64Forms(new TextEncoder().encode(digits))
  return [
    { name: 'hex', isIn: (text) => text.toLowerCase().includes(digits) },
    { name: 'base64', isIn: (text) => [...encoded, ...encodedDigits].some((form) => standardBase64(text).includes(form)) },
    { name: 'decimal', isIn: (text) => text.includes(decimal) },
    { name: 'bytes', isIn: (text) => text.includes(latin1) || text.includes(utf8) },
    { name: 'list of bytes', isIn: (text) => [list, map].some((form) => text.replace(/\s/g, '').includes(form)) },
  ]
}

/** A permission context that is there as a whole, or the signature that is all but public about it. */
export function contextForms(context: Hex, signatures: readonly Hex[]): readonly SecretForm[] {
  return [
    { name: 'context', isIn: (text) => text.toLowerCase().includes(context.slice(2).toLowerCase()) },
    { name: 'signature', isIn: (text) => signatures.some((signature) => text.toLowerCase().includes(signature.slice(2).toLowerCase())) },
  ]
}

/** Which of the forms occur where: `console: hex`. Empty where there is nothing to be found. */
export function findForms(places: Readonly<Record<string, readonly string[]>>, forms: readonly SecretForm[]): string[] {
  return Object.entries(places).flatMap(([place, texts]) =>
    forms.filter(({ isIn }) => texts.some(isIn)).map(({ name }) => `${place}: ${name}`),
  )
}

/** As it reads wherever it begins in what is encoded: three ways, without the characters that its neighbours have a part in. */
function base64Forms(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.from([...new Uint8Array(before), ...bytes]).toString('base64').replace(/=+$/, '')
    const last = (before + bytes.length) % 3 === 0 ? text.length : text.length - 1
    return text.slice(before === 0 ? 0 : before + 1, last)
  })
}

function standardBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/')
}
