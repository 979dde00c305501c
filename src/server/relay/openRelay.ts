import { createClient, parseTransaction, type Address, type Hex, type TransactionSerializedEIP1559 } from 'viem'
import { getBlock } from 'viem/actions'
import { createChainFees, type ChainFees, type Fees } from '../../execution/chainFees.js'
import { createKeyTransactions } from '../../execution/keyTransactions.js'
import { signedTransaction } from '../../execution/nodeSubmitter.js'
import { relayErrorCode, relayStatusCode } from '../../execution/relayWire.js'
import type { CreateRelayParameters } from '../createRelay.js'
import { checkMayUse } from './allowed.js'
import { checkAuthorizations } from './authorizations.js'
import { createRelayBalance } from './balance.js'
import { capFees, perGas } from './cappedFees.js'
import { createMemoryCounters } from './counters.js'
import { awaitEarlier, endsWithin } from './earlier.js'
import { createTell, type TellRelayEvent } from './events.js'
import type { RelayHealth, RelayProblem } from './health.js'
import type { RelayJournalEntry } from './journal.js'
import { resolveLimits, type RelayRules } from './limits.js'
import type { TransactionRequest } from './params.js'
import { pauseBetweenLooks } from './pause.js'
import { createQuotas, type Charge } from './quotas.js'
import { notSponsored, RelayRpcError, tooBusy } from './relayRpcError.js'
import { createSender } from './sender.js'
import { createSimulation, unreachable } from './simulate.js'
import { createSlots } from './slots.js'
import { readSponsoredCall, type SponsoredCall } from './sponsoredCall.js'
import { createTask, createTaskList, type Task } from './tasks.js'

/** What a relay does, whoever asks and by whatever protocol. */
export type OpenRelay = {
  rules: RelayRules
  tell: TellRelayEvent
  /** Counts a caller's request to send. @throws {RelayRpcError} */
  admit(client: string | undefined): Promise<void>
  /** Judges it, and has it on its way. The same again is the same task. @throws {RelayRpcError} nothing was sent */
  accept(request: TransactionRequest): Promise<Task>
  task(id: Hex): Task | undefined
  health(): Promise<RelayHealth>
  /** @returns how many tasks of a process before this one are waited for */
  recover(): Promise<number>
}

const transactionPatienceMs = 5_000
/** An eighth more each time: about three times as much in all. */
const maxOutbids = 10
const maxRecoveryWaitMs = 10_000
/** Whoever may redeem a leaf may also sit on it; not for longer than this. */
const maxDeadlineSeconds = 3_600

const noCharge: Charge = { raise: async () => undefined, settle: async () => undefined }

export function openRelay(parameters: CreateRelayParameters): OpenRelay {
  const { chain, transport, account, limits = {}, counters, journal, lowBalance, replaceAfterMs = 30_000, onEvent } = parameters
  const { clock = () => Math.floor(Date.now() / 1000), onError = () => undefined } = parameters
  const rules = resolveLimits(account.address, limits)
  const client = createClient({ chain, transport, account, pollingInterval: 1_000 })
  const tell = createTell(onEvent, chain.id)
  const fees = capFees(createChainFees(client), rules.maxFeePerGas)
  const simulate = createSimulation(client, rules.maxGas)
  const quotas = createQuotas({ limits, counters: counters ?? createMemoryCounters(), isShared: counters !== undefined, chainId: chain.id, now: clock })
  const balance = createRelayBalance({ client, low: lowBalance, tell, onError })
  const tasks = createTaskList()
  const slots = createSlots(rules.maxInFlight)
  const stuck = new Set<Hex>()
  const transactions = createKeyTransactions(client, {
    fees,
    patienceMs: Math.min(transactionPatienceMs, replaceAfterMs),
    // No other process may send from the account.
    lease: () => ({ isAlone: async () => true, exclusively: (work) => work() }),
    waiting: { pause: pauseBetweenLooks, endless: true },
    outbid: {
      afterMs: replaceAfterMs,
      maxTimes: maxOutbids,
      maxFeePerGas: rules.maxFeePerGas,
      onStuck({ nonce, hash }) {
        stuck.add(hash)
        tell('relay.transaction.stuck', { 'transaction.hash': hash, 'transaction.nonce': nonce })
      },
    },
  })
  const send = createSender({ client, transactions, fees, simulate, slots, journal, paid: balance.paid, tell, onError })
  const attempts = new Map<string, Promise<Task>>()
  const starting = new Map<Hex, Promise<Task>>()

  async function accept(request: TransactionRequest): Promise<Task> {
    if (request.chainId !== chain.id) {
      throw new RelayRpcError(relayErrorCode.unsupportedChain, `This relay serves chain ${chain.id}, not ${request.chainId}.`)
    }
    const call = readSponsoredCall(request, rules)
    await resumed()
    const standing = tasks.standing(call.id)
    if (standing) return standing

    // Only byte-equal requests share an attempt: another's bad signature must not fail a good one.
    const { to, data, authorizationList } = request
    const bytes = [to, data, ...authorizationList.map((one) => JSON.stringify(one))].join()
    const known = attempts.get(bytes)
    if (known) return known
    if (attempts.size >= rules.maxWaiting || slots.waiting() >= rules.maxWaiting) throw tooBusy('As many transactions wait as this relay takes.')
    const attempt = attemptTask(request, call).finally(() => attempts.delete(bytes))
    attempts.set(bytes, attempt)
    return attempt
  }

  /** Up to here nothing is remembered and nothing is paid; what fails may be sent again. */
  async function attemptTask(request: TransactionRequest, sponsored: SponsoredCall): Promise<Task> {
    const { id, accounts, shape, deadline } = sponsored
    await checkMayUse(accounts, rules)
    await quotas.look(sponsored)
    await ready()
    await checkAuthorizations(client, request.authorizationList, sponsored)
    await checkDeadline(deadline)
    const [gas, offered] = await Promise.all([simulate(request, shape), readFees(fees)])

    // Of several that came to this point with one leaf, one begins; there is no await in between.
    const begun = tasks.standing(id) ?? starting.get(id)
    if (begun) return begun
    const start = begin(request, sponsored, { gas, fees: offered }).finally(() => starting.delete(id))
    starting.set(id, start)
    return start
  }

  /** Only now is the sender known to be who it says: the chain has checked the signatures. */
  async function begin(request: TransactionRequest, sponsored: SponsoredCall, terms: { gas: bigint; fees: Fees }): Promise<Task> {
    const { id, sender, shape } = sponsored
    const charge = await quotas.take(sponsored, { gas: terms.gas, wei: terms.gas * perGas(terms.fees) })
    const task = createTask({ id, chainId: chain.id, createdAt: clock() })
    tasks.add(id, task)
    tell('relay.task.accepted', { 'task.id': id, sender, 'gas.limit': Number(terms.gas) })
    void send({ id, task, call: request, shape, terms, charge })
    return task
  }

  async function checkDeadline(deadline: number | undefined): Promise<void> {
    if (deadline === undefined || deadline <= clock() + maxDeadlineSeconds) return
    // A local chain's clock may run ahead of ours.
    const { timestamp } = await getBlock(client, { blockTag: 'pending' })
      .catch(() => getBlock(client))
      .catch((error: unknown) => Promise.reject(unreachable(error)))
    if (deadline > Number(timestamp) + maxDeadlineSeconds) throw notSponsored(`a leaf delegation to anyone must end within ${maxDeadlineSeconds} seconds.`)
  }

  let written: Promise<readonly RelayJournalEntry[]> | undefined
  let earlier: Promise<void> | undefined
  let isReady = false

  /** What the journal has is on its way again, once. */
  function resumed(): Promise<readonly RelayJournalEntry[]> {
    written ??= (async () => {
      const entries = (await journal?.read()) ?? []
      for (const entry of entries) await resume(entry)
      if (entries.length > 0) tell('relay.recovered', { tasks: entries.length })
      return entries
    })().catch((error: unknown) => {
      written = undefined
      throw error
    })
    return written
  }

  async function resume({ id, createdAt, serialized }: RelayJournalEntry): Promise<void> {
    const signed = serialized.map(signedTransaction)
    const [first, ...others] = signed
    if (!first || tasks.get(id)) return
    const newest = signed.at(-1) ?? first
    const { to, data = '0x', gas = 0n, nonce = 0, authorizationList = [], ...offered } = readTransaction(newest.serialized)
    const request = { chainId: chain.id, to: to as Address, data, gas: undefined, authorizationList, timeout: undefined }
    const offeredFees: Fees =
      offered.maxFeePerGas === undefined
        ? { type: 'legacy', gasPrice: offered.gasPrice ?? 0n }
        : { type: 'eip1559', maxFeePerGas: offered.maxFeePerGas, maxPriorityFeePerGas: offered.maxPriorityFeePerGas ?? 0n }
    const task = createTask({ id, chainId: chain.id, createdAt })
    tasks.add(id, task)
    task.update({ status: relayStatusCode.submitted, hash: newest.hash })
    const terms = { gas, fees: offeredFees }
    void send({ id, task, call: request, shape: undefined, terms, charge: await chargeAnew(request, terms), before: { nonce, signed: [first, ...others] } })
  }

  /** Quotas that were in memory are gone; where the rules are others by now, it is on its way all the same. */
  async function chargeAnew(request: TransactionRequest, { gas, fees: offered }: { gas: bigint; fees: Fees }): Promise<Charge> {
    try {
      return await quotas.take(readSponsoredCall(request, rules), { gas, wei: gas * perGas(offered) })
    } catch {
      return noCharge
    }
  }

  /** Nothing is signed before it is known what was signed before. */
  async function ready(): Promise<void> {
    if (isReady) return
    const numbers = new Set((await resumed()).flatMap(({ serialized }) => serialized.map((one) => readTransaction(one).nonce ?? 0)))
    earlier ??= awaitEarlier(client, numbers).catch((error: unknown) => {
      earlier = undefined
      throw unreachable(error)
    })
    isReady = await endsWithin(earlier, maxRecoveryWaitMs)
    if (!isReady) throw tooBusy('What this relay sent before it was started is not in a block yet.')
  }

  let block: { read: Promise<{ number: bigint; timestamp: number }>; atMs: number } | undefined

  /** Not more often than every few seconds, however often somebody asks. */
  function readBlock(): Promise<{ number: bigint; timestamp: number }> {
    if (block && Date.now() - block.atMs <= blockFreshForMs) return block.read
    const read = getBlock(client).then(({ number, timestamp }) => ({ number, timestamp: Number(timestamp) }))
    block = { read, atMs: Date.now() }
    return read
  }

  async function health(): Promise<RelayHealth> {
    const [wei, seen, budgetLeftWei] = await Promise.all([balance.read().catch(() => undefined), readBlock().catch(() => undefined), quotas.left()])
    const open = tasks.open()
    const waitsStuck = open.some((task) => {
      const status = task.status()
      return 'hash' in status && stuck.has(status.hash)
    })
    if (!waitsStuck) stuck.clear()
    const found: Record<RelayProblem, boolean> = {
      'node-unreachable': wei === undefined || seen === undefined,
      'balance-low': balance.isLow(),
      'transaction-stuck': waitsStuck,
      'budget-spent': budgetLeftWei === 0n,
      recovering: earlier !== undefined && !isReady,
    }
    const problems = (Object.keys(found) as RelayProblem[]).filter((problem) => found[problem])
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems,
      chainId: chain.id,
      account: account.address,
      balanceWei: wei,
      block: seen,
      pending: open.length,
      waiting: slots.waiting(),
      oldestPendingSeconds: open.length === 0 ? undefined : Math.max(0, clock() - Math.min(...open.map(({ createdAt }) => createdAt))),
      budgetLeftWei,
    }
  }

  return {
    rules,
    tell,
    admit: async (caller) => (caller === undefined ? undefined : quotas.admit(caller)),
    accept,
    task: tasks.get,
    health,
    recover: async () => (await resumed()).length,
  }
}

const blockFreshForMs = 5_000

async function readFees(fees: ChainFees): Promise<Fees> {
  try {
    return await fees.current()
  } catch (error) {
    throw error instanceof RelayRpcError ? error : unreachable(error)
  }
}

function readTransaction(serialized: Hex) {
  return parseTransaction(serialized as TransactionSerializedEIP1559) as ReturnType<typeof parseTransaction> & {
    authorizationList?: TransactionRequest['authorizationList']
    maxFeePerGas?: bigint
    maxPriorityFeePerGas?: bigint
    gasPrice?: bigint
  }
}
