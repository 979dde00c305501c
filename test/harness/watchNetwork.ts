import type { BrowserContext, Request, Response } from 'playwright-core'

export type NetworkTexts = { addresses: string[]; headers: string[]; 'request bodies': string[]; 'response bodies': string[] }

/** All that goes over the wire, both ways, from now on. `read` waits for what is still on its way. */
export function watchNetwork(context: BrowserContext): { read(): Promise<NetworkTexts> } {
  const said: NetworkTexts = { addresses: [], headers: [], 'request bodies': [], 'response bodies': [] }
  const coming = new Set<Promise<unknown>>()
  const keep = (reading: Promise<unknown>) => {
    // A page that is left takes its answers with it.
    const done = reading.catch(() => undefined).finally(() => coming.delete(done))
    coming.add(done)
  }

  async function readRequest(request: Request) {
    said.addresses.push(request.url())
    said['request bodies'].push(...bodyTexts(request.postDataBuffer()))
    said.headers.push(JSON.stringify(await request.allHeaders()))
  }
  async function readResponse(response: Response) {
    said['response bodies'].push(...bodyTexts(await response.body()))
  }
  context.on('request', (request) => keep(readRequest(request)))
  context.on('response', (response) => keep(readResponse(response)))
  return {
    async read() {
      while (coming.size > 0) await Promise.all(coming)
      return said
    },
  }
}

/** As text, and byte by byte: a body need not be text. */
function bodyTexts(body: Buffer | null): string[] {
  return body ? [body.toString('utf8'), body.toString('latin1'), body.toString('hex')] : []
}
