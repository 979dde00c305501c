import { createClient, http, parseEther, type LocalAccount } from 'viem'
import type { SessionKeyConfig } from '../../../src/actions/createSessionKeyConfig.js'
import { sendSessionCalls } from '../../../src/actions/sendSessionCalls.js'
import { createUsageLedger } from '../../../src/actions/usageLedger.js'
import { directLane } from '../../../src/execution/directLane.js'
import { contractCall } from '../../../src/permissions/contractCall.js'
import { defineSession } from '../../../src/permissions/defineSession.js'
import { expiresIn } from '../../../src/permissions/expiry.js'
import { startShop } from '../../startShop.js'
import { createRandom } from '../random.js'
import { startFaultyNode, type Fault } from './faultyNode.js'
import { startMortalChain } from './mortalChain.js'
import { recorder, recorderAbi, recorderCode, timesMade } from './recorder.js'

export type FaultTestParameters = {
  actions: number
  /** The same seed makes the same faults, as far as requests come in the same order. */
  seed: number
  atOnce?: number | undefined
  /** The lane's. */
  patienceMs?: number | undefined
  /** How long the node is away when it ends in the middle. */
  outageMs?: number | undefined
  /** An action that is not settled after so long hangs. */
  hangsAfterMs?: number | undefined
  onSettled?: ((settled: number) => void) | undefined
}

export type FaultReport = {
  done: number
  failed: number
  unknown: number
  /** Actions that the chain has more than once. */
  twice: number
  hung: number
  /** Actions of which the kit said something that is not so, a sentence for each. */
  untrue: readonly string[]
  /** What went wrong, by name of the error. */
  errors: ReadonlyMap<string, number>
  faults: ReadonlyMap<Fault, number>
}

type Outcome = { status: 'done' } | { status: 'failed' | 'unknown'; error: Error } | { status: 'hung' }

const blockMs = 300

/**
 * Has one session key act many times, several at once, through a node at which everything goes wrong, and which ends and comes back once
 * in the middle; then holds what was said of each action against what the chain has.
 */
export async function faultTest({ actions, seed, atOnce = 20, patienceMs = 400, outageMs = 0, hangsAfterMs = 240_000, onSettled }: FaultTestParameters): Promise<FaultReport> {
  const random = createRandom(seed)
  let shop: Awaited<ReturnType<typeof startShop>> | undefined
  const chain = await startMortalChain(async (args) => {
    shop = await startShop({ lane: 'direct' }, { args })
    return { rpcUrl: shop.chain.rpcUrl, stop: () => (shop as Shop).stop() }
  }, blockMs)
  const node = await startFaultyNode(chain.rpcUrl(), random)
  try {
    const { config, id } = await openApp(shop as Shop, node.url, patienceMs)
    const outcomes: Outcome[] = []
    let next = 0
    let settled = 0
    let restarting: Promise<void> | undefined
    const work = async () => {
      for (let action = next++; action < actions; action = next++) {
        const sending = sendSessionCalls(config, { session: id, calls: [{ to: recorder, abi: recorderAbi, functionName: 'act', args: [BigInt(action)] }], join: action % 2 === 0 })
        outcomes[action] = await outcomeOf(sending, hangsAfterMs)
        settled += 1
        onSettled?.(settled)
        if (settled >= actions / 2 && !restarting) {
          restarting = restart()
          restarting.catch(() => undefined)
        }
      }
    }
    const restart = () =>
      chain
        .restart(async (end) => {
          node.setUpstream(undefined)
          await end()
          await new Promise((resolve) => setTimeout(resolve, outageMs))
        })
        .then(() => node.setUpstream(chain.rpcUrl()))
    await Promise.all(Array.from({ length: atOnce }, work))
    await restarting
    const client = chain.client()
    // What waits may still happen: it is counted when nothing waits any more.
    for (let pending = 1; pending > 0; pending = Number((await client.getTxpoolStatus()).pending)) await client.mine({ blocks: 1 })
    return report(outcomes, await timesMade(client, actions), node.made)
  } finally {
    await node.close()
    await chain.stop()
  }
}

type Shop = Awaited<ReturnType<typeof startShop>>

/** The session's app, whose every read and every transaction goes through the node's address. */
async function openApp(shop: Shop, url: string, patienceMs: number): Promise<{ config: SessionKeyConfig; id: string }> {
  const { chain } = shop
  await chain.client.setCode({ address: recorder, bytecode: recorderCode })
  const acting = defineSession({ name: 'acting', expiry: expiresIn({ days: 1 }), permissions: [contractCall({ address: recorder, abi: recorderAbi, functions: ['act'] })] })
  const { session } = await shop.grant(acting)
  const key = (await shop.config.sessions.signer(session)) as LocalAccount
  await chain.setBalance(key.address, parseEther('100'))
  await chain.client.setAutomine(false)
  const client = createClient({ chain: chain.chain, transport: http(url), pollingInterval: 100 })
  const wagmi = Object.create(shop.config.wagmi, { getClient: { value: () => client } }) as SessionKeyConfig['wagmi']
  return { config: { ...shop.config, wagmi, lane: directLane({ patienceMs }), usage: createUsageLedger() }, id: session.id }
}

async function outcomeOf(sending: Promise<unknown>, hangsAfterMs: number): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hung = new Promise<Outcome>((resolve) => (timer = setTimeout(() => resolve({ status: 'hung' }), hangsAfterMs)))
  const settled = sending.then(
    (): Outcome => ({ status: 'done' }),
    (error: Error): Outcome => ({ status: error.name === 'TransactionOutcomeUnknownError' ? 'unknown' : 'failed', error }),
  )
  return Promise.race([settled, hung]).finally(() => clearTimeout(timer))
}

function report(outcomes: readonly Outcome[], made: readonly number[], faults: ReadonlyMap<Fault, number>): FaultReport {
  const errors = new Map<string, number>()
  const untrue: string[] = []
  outcomes.forEach((outcome, action) => {
    const times = made[action] ?? 0
    if (outcome.status === 'done' && times !== 1) untrue.push(`action ${action}: said to be done, and the chain has it ${times} times`)
    if (outcome.status === 'failed' && times > 0) untrue.push(`action ${action}: said to have failed (${outcome.error.name}), and the chain has it: ${outcome.error.message}`)
    if (outcome.status === 'unknown' && times > 1) untrue.push(`action ${action}: said to be unknown, and the chain has it ${times} times`)
    if ('error' in outcome) errors.set(outcome.error.name, (errors.get(outcome.error.name) ?? 0) + 1)
  })
  const count = (status: Outcome['status']) => outcomes.filter((outcome) => outcome.status === status).length
  return { done: count('done'), failed: count('failed'), unknown: count('unknown'), hung: count('hung'), twice: made.filter((times) => times > 1).length, untrue, errors, faults }
}
