import type { TransactionReceipt } from 'viem'
import { quietly } from '../errors/quietly.js'
import { TransactionOutcomeUnknownError } from './errors.js'
import { gasLimit } from './knownGas.js'
import { redeemAlone, termsAnew, type KeySending, type Redeemed } from './redeemAlone.js'
import { redemptionCall, type KeyRedemption } from './redemptionGas.js'
import { sharedLogs } from './sharedLogs.js'

/** One send among others, which waits for an outcome of its own. */
export type JoinedSend = {
  redemption: KeyRedemption
  /** What it takes by itself. */
  gas: bigint
  resolve(redeemed: Redeemed): void
  reject(error: Error): void
}

/**
 * What several sends take together. Each one's own is a little too much, for a transaction costs something by itself. Where one of them
 * is doubted they are simulated as a whole.
 * @returns undefined where the contracts refuse them together
 */
export async function joinedGas({ gas }: KeySending, sends: readonly JoinedSend[]): Promise<bigint | undefined> {
  if (sends.some(({ redemption }) => gas.isDoubted(redemption))) return gas.simulate(together(sends)).catch(() => undefined)
  return sends.reduce((sum, send) => sum + send.gas, 0n)
}

/**
 * Several sends in one transaction, in their order. All of it happens or none, whatever mode the executions are in: a limit that refuses
 * reverts the others too (DelegationManager `redeemDelegations`: "if any hook fails, the entire transaction reverts"). So when it does not
 * happen those that pass by themselves go together again, and the others alone, until each has the outcome that it would have had alone.
 * What may have happened is never sent again.
 * @param wanted what they take together; undefined where they are known not to go together
 */
export async function redeemJoined(sending: KeySending, sends: readonly JoinedSend[], wanted: bigint | undefined): Promise<void> {
  if (wanted !== undefined && (await asOne(sending, sends, wanted))) return
  const judged = await Promise.all(sends.map((send) => judge(sending, send)))
  const passing = judged.flatMap(({ send, refusal }) => (refusal ? [] : [send]))
  const failing = judged.filter(({ refusal }) => refusal !== undefined)
  for (const { send } of failing) sending.gas.failed(send.redemption)
  if (failing.length === 0) for (const { redemption } of sends) sending.gas.doubt(redemption)
  if (passing.length === 0) {
    for (const { send, refusal } of failing) send.reject(refusal as Error)
    return
  }
  await inParts(sending, passing)
  // Some may have waited for what another one of them does.
  await Promise.all(failing.map(({ send }) => alone(sending, send)))
}

/** @returns false: nothing happened, and nothing will */
async function asOne(sending: KeySending, sends: readonly JoinedSend[], wanted: bigint): Promise<boolean> {
  const redemption = together(sends)
  let receipt: TransactionReceipt
  try {
    const terms = { gas: gasLimit(wanted), fees: await sending.fees.current() }
    const anew = (refusal: Error) => termsAnew(sending, () => sending.gas.simulate(redemption), refusal)
    receipt = (await sending.transactions.include(redemptionCall(redemption), terms, anew)).receipt
  } catch (error) {
    if (!(error instanceof TransactionOutcomeUnknownError)) return false
    for (const { reject } of sends) reject(error)
    return true
  }
  // Only this word says that nothing happened; whatever else a node says, the calls are not made again.
  if (receipt.status === 'reverted') return false
  const logs = quietly(() => sharedLogs(receipt.logs, sends.map((send) => send.redemption.redemptions)))
  sends.forEach(({ resolve }, index) => resolve({ receipt, logs: logs?.[index] }))
  return true
}

async function judge({ gas }: KeySending, send: JoinedSend): Promise<{ send: JoinedSend; refusal?: Error }> {
  return gas.estimate(send.redemption).then(
    () => ({ send }),
    (refusal: Error) => ({ send, refusal }),
  )
}

/** Together where that goes, else by halves: of two that pass alone and not together the first goes first. */
async function inParts(sending: KeySending, sends: readonly JoinedSend[]): Promise<void> {
  const [first, ...others] = sends
  if (!first) return
  if (others.length === 0) return alone(sending, first)
  const wanted = await sending.gas.simulate(together(sends)).catch(() => undefined)
  if (wanted !== undefined && (await asOne(sending, sends, wanted))) return
  const middle = Math.ceil(sends.length / 2)
  await inParts(sending, sends.slice(0, middle))
  await inParts(sending, sends.slice(middle))
}

async function alone(sending: KeySending, { redemption, resolve, reject }: JoinedSend): Promise<void> {
  await redeemAlone(sending, redemption).then(resolve, reject)
}

function together(sends: readonly JoinedSend[]): KeyRedemption {
  const [first] = sends as readonly [JoinedSend]
  return { ...first.redemption, redemptions: sends.flatMap(({ redemption }) => redemption.redemptions) }
}
