import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { askBehind, type Rpc } from './askBehind.js'

/** What may go wrong with one request, and how often. */
export const faultRates = {
  /** It never reached the node. */
  'request dropped': 0.03,
  /** The node did what it was asked, and nobody heard. */
  'answer dropped': 0.04,
  delayed: 0.08,
  /** The node gets it twice. */
  duplicated: 0.04,
  /** Others that came later are answered first. */
  'held back': 0.04,
  /** A gateway answers, and the node never heard of it. */
  'server error': 0.03,
  /** A gateway gives up waiting; the node did what it was asked. */
  'gateway timeout': 0.03,
  'client error': 0.02,
  /** Another node behind the same address answers, which has not seen the latest block. */
  behind: 0.25,
} as const

export type Fault = keyof typeof faultRates

export type FaultyNode = {
  url: string
  /** Where the node is now; undefined while there is none. */
  setUpstream(url: string | undefined): void
  /** How often each fault has been made. */
  made: ReadonlyMap<Fault, number>
  close(): Promise<void>
}

const longestDelayMs = 1_200
/** How long a request is held back for others to overtake it. */
const holdMs = 300

/** A node's address behind which things go wrong, at random. */
export async function startFaultyNode(upstream: string, random: () => number): Promise<FaultyNode> {
  let target: string | undefined = upstream
  const made = new Map<Fault, number>()

  const drawFault = (): Fault | undefined => {
    let left = random()
    for (const [fault, rate] of Object.entries(faultRates)) {
      left -= rate
      if (left < 0) return fault as Fault
    }
    return undefined
  }
  const forward = async (body: string): Promise<string> => {
    if (target === undefined) throw new Error('There is no node.')
    const response = await fetch(target, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return response.text()
  }
  const rpc: Rpc = async (method, params) => {
    const { result } = JSON.parse(await forward(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as { result: unknown }
    return result
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming)
    const fault = drawFault()
    if (fault) made.set(fault, (made.get(fault) ?? 0) + 1)
    const drop = () => void incoming.socket.destroy()
    const reply = (status: number, text: string) => {
      if (outgoing.destroyed) return
      outgoing.writeHead(status, { 'content-type': status === 200 ? 'application/json' : 'text/plain' })
      outgoing.end(text)
    }
    switch (fault) {
      case undefined:
        return reply(200, await forward(body))
      case 'request dropped':
        return drop()
      case 'answer dropped':
        await forward(body)
        return drop()
      case 'delayed':
        if (random() < 0.5) {
          await after(random() * longestDelayMs)
          return reply(200, await forward(body))
        } else {
          const text = await forward(body)
          await after(random() * longestDelayMs)
          return reply(200, text)
        }
      case 'duplicated': {
        const answers = await Promise.all([forward(body), forward(body)])
        return reply(200, answers[random() < 0.5 ? 0 : 1])
      }
      case 'held back':
        await after(holdMs)
        return reply(200, await forward(body))
      case 'server error':
        return reply(random() < 0.5 ? 503 : 500, 'The server is unwell.')
      case 'gateway timeout':
        await forward(body)
        return reply(504, 'The server took too long.')
      case 'client error':
        return reply([400, 403, 404, 429][Math.floor(random() * 4)] as number, 'Not like this.')
      case 'behind':
        return reply(200, await askBehind(rpc, forward, body))
      default:
        return fault satisfies never
    }
  }

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setUpstream: (url) => (target = url),
    made,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** The length of a fault. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
