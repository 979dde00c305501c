import type { TransactionReceipt } from 'viem'
import { getTransactionReceipt } from 'viem/actions'
import { getChainClient } from '../../actions/createSessionKeyConfig.js'
import { findHappening, hasHappened } from '../../execution/onceOnly.js'
import type { Server } from '../openServer.js'
import { missingEffects, type Effect } from './effects.js'
import type { Intent, StoredIntent } from './intent.js'
import type { IntentBook } from './intentBook.js'
import { liveLeaves } from './liveLeaves.js'
import { settleSent } from './settleSent.js'

export type Settling = { server: Server; intents: IntentBook }

/**
 * What became of it so far, from the chain. Afterwards it is `sent` where a relay may still bring it on-chain, and `written` where nothing that
 * went out can happen any more.
 */
export async function settleIntent({ server, intents }: Settling, known: StoredIntent, effects: readonly Effect[]): Promise<StoredIntent> {
  let intent = known
  const client = getChainClient(server, intent.chainId)
  const live = await liveLeaves(client, intent)
  const settled = await settleSent(client, intent, {
    signer: () => server.keys.signer(intent.key),
    async onOutgoing(one) {
      const outgoing = intent.state.status === 'sent' ? intent.state.outgoing : []
      intent = await intents.save(intent, { state: { status: 'sent', outgoing: [...outgoing, one] } })
    },
  })
  if (settled.happened) return done({ server, intents }, intent, { receipt: settled.receipt, effects })
  if (intent.state.status !== 'sent') return intent
  if (live.length > 0) return live.length === intent.state.outgoing.length ? intent : intents.save(intent, { state: { status: 'sent', outgoing: live } })
  const { reverted } = settled
  if (!reverted) return intents.save(intent, { state: { status: 'written' } })
  const message = 'Its transaction reverted: nothing took effect.'
  return intents.save(intent, { state: { status: 'failed', error: 'SessionCallRevertedError', message, transactionHash: reverted.transactionHash } })
}

/** Whoever brought it about, it may have happened. */
export async function happenedAnyway(parts: Settling, intent: StoredIntent, effects: readonly Effect[]): Promise<StoredIntent | undefined> {
  const client = getChainClient(parts.server, intent.chainId)
  if (!(await hasHappened(client, intent).catch(() => false))) return undefined
  const { key, number, fromBlock = 0n } = intent
  const receipt = await findHappening(client, { key, number, fromBlock }).catch(() => undefined)
  return done(parts, intent, { receipt, effects })
}

/** Effects that could not be looked for then are looked for now. */
export async function checkedAgain(parts: Settling, intent: StoredIntent, effects: readonly Effect[]): Promise<StoredIntent> {
  const { state } = intent
  if (state.status !== 'done' || state.checked || !state.transactionHash) return intent
  const receipt = await getTransactionReceipt(getChainClient(parts.server, intent.chainId), { hash: state.transactionHash }).catch(() => undefined)
  return receipt ? done(parts, intent, { receipt, effects }) : intent
}

type Seen = { receipt: TransactionReceipt | undefined; effects: readonly Effect[] }

/** It is on-chain: whether the chain shows what it was for is written down with it. */
export async function done({ server, intents }: Settling, intent: StoredIntent, { receipt, effects }: Seen): Promise<StoredIntent> {
  const missing = receipt && (await missingOf(server, intent, receipt, effects))
  return intents.save(intent, {
    state: {
      status: 'done',
      ...(receipt ? { transactionHash: receipt.transactionHash, blockNumber: receipt.blockNumber } : {}),
      missing: missing ?? [],
      checked: missing !== undefined,
    },
  })
}

/** Undefined where the chain could not be asked: it is done in any case. */
async function missingOf(server: Server, { chainId, session: id, calls }: Intent, receipt: TransactionReceipt, effects: readonly Effect[]): Promise<readonly string[] | undefined> {
  const session = await server.sessions.get(id)
  if (!session) return undefined
  return missingEffects(getChainClient(server, chainId), { receipt, account: session.account, calls, effects }).catch(() => undefined)
}
