import type { BrowserContext } from 'playwright-core'
import type { Hex } from 'viem'

/**
 * Learns the session keys before the page can hide them, as a script that loads first could: whatever 32 bytes are encrypted.
 * And keeps, as it is, what the page says to the console and to other tabs.
 */
export async function spyOnPage(context: BrowserContext): Promise<{ secrets: ReadonlySet<Hex> }> {
  const secrets = new Set<Hex>()
  await context.exposeBinding('reportSecret', (_source, hex: string) => void secrets.add(`0x${hex}`))
  await context.addInitScript(listen)
  return { secrets }
}

/** Runs in the page, before any script of it; hence all in one. */
function listen() {
  // The empty page that comes before: it has no keys.
  if (!isSecureContext) return
  const { encrypt } = SubtleCrypto.prototype
  SubtleCrypto.prototype.encrypt = function (algorithm, key, data) {
    const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (bytes.length === 32) window.reportSecret(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    return encrypt.call(this, algorithm, key, data)
  }

  window.said = { console: [], messages: [] }
  for (const level of ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'table', 'group', 'assert'] as const) {
    const original = console[level].bind(console) as (...args: unknown[]) => void
    console[level] = (...args: unknown[]) => {
      window.said.console.push(args)
      original(...args)
    }
  }
  for (const prototype of [BroadcastChannel.prototype, MessagePort.prototype, Worker.prototype]) {
    const { postMessage } = prototype
    prototype.postMessage = function (this: never, ...args: unknown[]) {
      window.said.messages.push(args[0])
      return postMessage.apply(this, args as never)
    }
  }
}
