import { isAddressEqual, parseAbi, parseEventLogs, type Abi, type Address, type Client, type TransactionReceipt } from 'viem'
import { getBalance, readContract } from 'viem/actions'
import type { Call } from '../../permissions/check.js'
import { transferIn } from './transferIn.js'

/** What has to be seen on-chain after the calls. */
export type Effect =
  /** A log of the transaction; `args` as viem's `parseEventLogs` takes them. */
  | { type: 'event'; address: Address; abi: Abi | readonly unknown[]; eventName: string; args?: Record<string, unknown> | undefined }
  /** By how much a balance changed from the block before to the transaction's block: both bounds hold. What others did in that block counts. */
  | { type: 'balance'; token: Address | 'native'; of: Address; atLeast?: bigint | undefined; atMost?: bigint | undefined }

export type SeenParameters = {
  receipt: TransactionReceipt
  account: Address
  calls: readonly Call[]
  /** Beside those that the calls themselves tell of: a transfer moves what it says. */
  effects: readonly Effect[]
}

/** What is not there of what should be, each in a sentence. */
export async function missingEffects(client: Client, { receipt, account, calls, effects }: SeenParameters): Promise<readonly string[]> {
  const missing: string[] = []
  for (const effect of [...transfersOf(calls, account), ...effects]) {
    const seen = effect.type === 'event' ? isLogged(receipt, effect) : await hasChanged(client, receipt, effect)
    if (!seen) missing.push(sentenceOf(effect))
  }
  return missing
}

const transferAbi = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)'])

/** An ERC-20 `transfer` that answers `false` is a call that succeeds. */
function transfersOf(calls: readonly Call[], from: Address): Effect[] {
  return calls.flatMap((call) => {
    const transfer = transferIn(call)
    return transfer ? [{ type: 'event', address: call.to, abi: transferAbi, eventName: 'Transfer', args: { from, to: transfer.to, value: transfer.amount } } as const] : []
  })
}

function isLogged({ logs }: TransactionReceipt, { address, abi, eventName, args }: Extract<Effect, { type: 'event' }>): boolean {
  const own = logs.filter((log) => isAddressEqual(log.address, address))
  const found = parseEventLogs({ abi: abi as Abi, logs: own, eventName, args: args as never, strict: true })
  // viem filters by indexed arguments only.
  return found.some((log) => Object.entries(args ?? {}).every(([name, value]) => isSame((log as { args?: Record<string, unknown> }).args?.[name], value)))
}

function isSame(is: unknown, should: unknown): boolean {
  const text = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value)
  return should === undefined || text(is) === text(should)
}

async function hasChanged(client: Client, { blockNumber }: TransactionReceipt, effect: Extract<Effect, { type: 'balance' }>): Promise<boolean> {
  const [before, after] = await Promise.all([balanceAt(client, effect, blockNumber - 1n), balanceAt(client, effect, blockNumber)])
  const change = after - before
  return change >= (effect.atLeast ?? change) && change <= (effect.atMost ?? change)
}

const balanceAbi = parseAbi(['function balanceOf(address owner) view returns (uint256)'])

function balanceAt(client: Client, { token, of: address }: Extract<Effect, { type: 'balance' }>, blockNumber: bigint): Promise<bigint> {
  if (token === 'native') return getBalance(client, { address, blockNumber })
  return readContract(client, { address: token, abi: balanceAbi, functionName: 'balanceOf', args: [address], blockNumber })
}

function sentenceOf(effect: Effect): string {
  switch (effect.type) {
    case 'event': {
      const args = Object.entries(effect.args ?? {}).map(([name, value]) => `${name} ${String(value)}`)
      return `${effect.eventName} of ${effect.address}${args.length > 0 ? ` (${args.join(', ')})` : ''}`
    }
    case 'balance': {
      const bounds = [effect.atLeast === undefined ? [] : [`at least ${effect.atLeast}`], effect.atMost === undefined ? [] : [`at most ${effect.atMost}`]].flat()
      return `a change of the balance of ${effect.of} in ${effect.token} by ${bounds.join(' and ')}`
    }
    default:
      return effect satisfies never
  }
}
