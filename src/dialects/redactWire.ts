/** What is too long, too deep or too much to be kept: a log must not grow with what a wallet answers. */
const longestText = 2_000
const longestRead = 20_000
const longestList = 100
const deepest = 12
const mostValues = 1_000
const mostCharacters = 20_000

/**
 * 32 bytes are 43 characters of base64, and more of anything else: a run as long can be a key, a signature or a context, however it is
 * written. An address (42) and a UUID (36) are shorter.
 */
const run = /[A-Za-z0-9+/_=%-]{43,}/g
/** Bytes as a list, or as JSON makes one of a Uint8Array. */
const byteList = /(?:(?:"\d{1,3}"\s?:\s?)?\d{1,3}\s?,\s?){15,}(?:"\d{1,3}"\s?:\s?)?\d{1,3}/g
/** Paths and queries of nodes and relays hold access keys. */
const url = /\b(https?|wss?):\/\/(?:[^\s/?#@]*@)?([^\s/?#"'<>]+)[^\s"'<>]*/g
const noText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]/

/** What stands under such a name is left out, however short it is. */
const secretName = /context|signature|private|secret|mnemonic|seed|phrase|passw|credential|bearer|authorization$|jwt|(api|access)_?token|^(?!.*public).*keys?$/i
const address = /^0x[0-9a-f]{40}$/i
/** A function's signature, or its selector, is no secret. */
const functionText = /^(0x[0-9a-f]{8}|[\w$]+\([^]*\))$/i
const hasCalldata = /^(data|input|calldata|callData)$/
const calldata = /^(0x[0-9a-f]{8})((?:[0-9a-f]{64})+)$/i

/**
 * What goes to a wallet, or comes back, without whatever could be a secret: a plain copy that says how much was left out. It goes by the
 * names of fields and by length, and not by what is known to be secret: a wallet may answer with anything. `secrets` are struck as well.
 */
export function redactWire(value: unknown, secrets: readonly string[] = []): unknown {
  const struck = secrets.map(withoutPrefix).filter(({ length }) => length >= shortestSecret).sort((a, b) => b.length - a.length)
  let values = 0
  let characters = 0

  function text(given: string): string {
    if (given.length > longestRead) return leftOut(`${given.length} characters`)
    if (noText.test(given)) return leftOut(`${given.length} characters that are no text`)
    if (characters > mostCharacters) return leftOut('too much')
    const clear = struck.reduce((said, secret) => said.replaceAll(new RegExp(escaped(secret), 'gi'), leftOut('a secret')), given)
    const kept = cut(clear.replaceAll(url, '$1://$2/…').replaceAll(run, sizeOf).replaceAll(byteList, leftOut('bytes')))
    characters += kept.length
    return kept
  }

  function walk(one: unknown, name: string, depth: number): unknown {
    if ((values += 1) > mostValues || depth > deepest) return leftOut('too much')
    if (typeof one === 'string') return isSecret(name, one) ? sizeOf(one) : (selectorOf(name, one) ?? text(one))
    if (typeof one === 'bigint') return text(`${one}`)
    if (typeof one === 'function' || typeof one === 'symbol') return undefined
    if (typeof one !== 'object' || one === null) return one
    if (one instanceof ArrayBuffer || ArrayBuffer.isView(one)) return leftOut(`${one.byteLength} bytes`)
    if (Array.isArray(one)) return isBytes(one) ? leftOut(`${one.length} bytes`) : one.slice(0, longestList).map((item) => walk(item, name, depth + 1))
    if (one instanceof Error) return errorOf(one, depth)
    const entries = Object.entries(one)
    if (isBytes(entries.map(([, item]) => item as unknown))) return leftOut(`${entries.length} bytes`)
    return Object.fromEntries(entries.slice(0, longestList).map(([key, item]) => [text(key), walk(item, key, depth + 1)]))
  }

  function errorOf(error: object, depth: number): Record<string, unknown> {
    const { name, code, message, data } = error as { [field in 'name' | 'code' | 'message' | 'data']?: unknown }
    return Object.fromEntries(Object.entries({ name, code, message, data }).flatMap(([key, item]) => (item === undefined ? [] : [[key, walk(item, key, depth + 1)]])))
  }

  return walk(value, '', 0)
}

/** The same for a text. */
export function redactText(given: string, secrets: readonly string[] = []): string {
  return String(redactWire(given, secrets))
}

/** The short ones that their names alone show to be secret: they have to be known again in what an error says. */
export function secretsIn(value: unknown, name = '', depth = 0): string[] {
  if (typeof value === 'string') return value.length <= longestRead && isSecret(name, value) ? [value] : []
  if (typeof value !== 'object' || value === null || depth > deepest || ArrayBuffer.isView(value)) return []
  if (Array.isArray(value)) return value.slice(0, longestList).flatMap((item) => secretsIn(item, name, depth + 1))
  return Object.entries(value).slice(0, longestList).flatMap(([key, item]) => secretsIn(item, key, depth + 1))
}

/** Shorter ones occur in anything. */
const shortestSecret = 8

function isSecret(name: string, value: string): boolean {
  if (!secretName.test(name)) return false
  if (/signature$/i.test(name)) return !functionText.test(value)
  return !(/keys?$/i.test(name) && (address.test(value) || value.length < shortestSecret))
}

/** Which function is called says its selector; what with may hold a context. */
function selectorOf(name: string, value: string): string | undefined {
  const [, selector, rest] = (hasCalldata.test(name) && value.length <= longestRead && calldata.exec(value)) || []
  return selector && rest && `${selector} ${leftOut(`${rest.length / 2} bytes`)}`
}

function isBytes(list: readonly unknown[]): boolean {
  return list.length >= 16 && list.every((item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) <= 255)
}

function sizeOf(value: string): string {
  const digits = withoutPrefix(value)
  return /^[0-9a-f]*$/i.test(digits) && digits.length % 2 === 0 ? leftOut(`${digits.length / 2} bytes`) : leftOut(`${value.length} characters`)
}

function leftOut(what: string): string {
  return `[left out: ${what}]`
}

function cut(value: string): string {
  return value.length > longestText ? `${value.slice(0, longestText)}…` : value
}

function withoutPrefix(value: string): string {
  return value.replace(/^0x/i, '')
}

function escaped(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
