import { createWalletClient, erc20Abi, http, parseEther, publicActions } from 'viem'
import { createOneAtATime } from '../../src/execution/oneAtATime.js'
import { createAutomation, type Database, type Run } from '../../src/server/automation/index.js'
import { chargeRule, price, subscriptionTo } from '../../test/automation/charges/chargeRule.js'
import type { ServerWorld } from '../../test/server/startServer.js'
import { newAccount } from '../../test/startShop.js'
import { inTurns, measured, secondsOf, type Figure } from '../figure.js'

const sessions = 50
const half = sessions / 2
const rounds = 3
/** Of `createAutomation`, where nothing else is said. */
const atOnce = 10
const daySeconds = 86_400

type ChargeFigures = { world: ServerWorld; database: Database; say: (line: string) => void }

/** How fast one process charges what falls due in one moment, beside the same charges without a schedule, a queue and a history. */
export async function chargeFigures({ world, database, say }: ChargeFigures): Promise<Figure[]> {
  const ids = await subscribeMany(world, sessions)
  say(`${sessions} sessions granted`)
  const { chain, gold, shop } = world
  const agent = world.agent()
  let finished: (run: Run) => void = () => undefined
  // It looks when it is told to.
  const automation = createAutomation({ agent, database, rules: [chargeRule(world)], tickMs: 3_600_000, observe: { onRun: (run) => finished(run) } })
  await automation.start()
  await automation.idle()

  const perMinute = async (charges: number, work: () => Promise<unknown>) => (charges / (await secondsOf(work))) * 60
  const charged = () =>
    new Promise<void>((resolve, reject) => {
      let done = 0
      finished = ({ status, error }) => {
        if (status !== 'done') reject(new Error(`A charge is ${status}: ${error?.message ?? ''}`))
        done += 1
        if (done === sessions) resolve()
      }
      automation.tick().catch(reject)
    })
  // So little that what the rule charges on the same day fits into what a day allows.
  const send = (session: string) => agent.send({ session, calls: [world.charge(price / 10n)] })
  const allOf = (hands: number, count: number) => async () => {
    const left = ids.slice(0, count)
    const hand = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) await send(id)
    }
    await Promise.all(Array.from({ length: hands }, hand))
  }
  const plain = await plainAccount(world)
  const transfers = async () => {
    for (let transfer = 0; transfer < half; transfer += 1) {
      const hash = await plain.writeContract({ address: gold, abi: erc20Abi, functionName: 'transfer', args: [shop, price] })
      await plain.waitForTransactionReceipt({ hash })
    }
  }
  try {
    const rates = await inTurns(rounds, {
      automated: async () => {
        await chain.increaseTime(daySeconds)
        return perMinute(sessions, charged)
      },
      inSequence: () => perMinute(half, allOf(1, half)),
      together: () => perMinute(sessions, allOf(atOnce, sessions)),
      transfers: () => perMinute(half, transfers),
    })
    const peer = (name: string, values: number[]) => ({ name, values })
    const unit = 'due charges per minute, one process, each key paying its own gas'
    return [
      measured('automation.perMinute', unit, rates.automated, peer('agent.send of such charges in sequence, without an automation', rates.inSequence)),
      measured('automation.perMinute.together', unit, rates.automated, peer(`agent.send of such charges, ${atOnce} at once, without an automation`, rates.together)),
      measured('automation.perMinute.viem', unit, rates.automated, peer('viem writeContract of such transfers and its receipt, by an EOA, in sequence', rates.transfers)),
    ]
  } finally {
    await automation.stop()
  }
}

/** Each with a wallet of its own, which grants for real. */
async function subscribeMany(world: ServerWorld, count: number): Promise<readonly string[]> {
  // One account gives everybody their GOLD, and numbers its transactions itself.
  const oneByOne = createOneAtATime()
  const left = Array.from({ length: count }, (_, index) => `subscriber-${index}`)
  const ids: string[] = []
  const page = async () => {
    for (let user = left.pop(); user !== undefined; user = left.pop()) {
      const { config } = await oneByOne(() => world.openPage())
      ids.push((await world.subscribe(subscriptionTo(world), { user, config })).id)
    }
  }
  await Promise.all(Array.from({ length: 4 }, page))
  return ids
}

async function plainAccount({ chain, mintGold }: ServerWorld) {
  const account = newAccount()
  await chain.setBalance(account.address, parseEther('100'))
  await mintGold(account.address, 1_000_000n * price)
  return createWalletClient({ account, chain: chain.chain, transport: http(chain.rpcUrl), pollingInterval: 20 }).extend(publicActions)
}
