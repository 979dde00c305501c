import { relayErrorCode } from '../../execution/relayWire.js'
import { RelayRpcError } from './relayRpcError.js'

/** Reads a body of at most `maxBytes`, within `maxMs` where that is given; stops at the first byte too many, whatever `content-length` said. */
export async function readBody(request: Request, maxBytes: number, maxMs?: number): Promise<string> {
  const tooLarge = () => new RelayRpcError(relayErrorCode.tooLarge, `The body is larger than ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  if (!request.body) return ''

  const decoder = new TextDecoder()
  const reader = request.body.getReader()
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooSlow = new Promise<'slow'>((resolve) => {
    if (maxMs !== undefined) timer = setTimeout(() => resolve('slow'), maxMs)
  })
  let text = ''
  let bytes = 0
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), tooSlow])
      if (read === 'slow') {
        reader.cancel().catch(() => undefined)
        throw new RelayRpcError(relayErrorCode.invalidRequest, `The body did not come within ${maxMs} ms.`, { httpStatus: 408 })
      }
      if (read.done) return text + decoder.decode()
      bytes += read.value.byteLength
      if (bytes > maxBytes) {
        await reader.cancel()
        throw tooLarge()
      }
      text += decoder.decode(read.value, { stream: true })
    }
  } finally {
    clearTimeout(timer)
  }
}
