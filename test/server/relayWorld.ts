import { concatHex, encodeFunctionData, http, parseEther, type Address, type Hex, type LocalAccount, type SignedAuthorization } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { swordAbi, swordBytecode } from '../../demo/contracts/artifacts.js'
import { caveats } from '../../src/delegation/caveats.js'
import { delegationTypedData, hashDelegation, randomSalt, type Caveat, type Delegation } from '../../src/delegation/delegation.js'
import { framework, rootAuthority } from '../../src/delegation/framework.js'
import { encodeRedeemDelegations, type Execution, type Redemption } from '../../src/delegation/redeem.js'
import { createRelayClient } from '../../src/execution/relayClient.js'
import { encodeRelayTransaction, type RelayTransaction } from '../../src/execution/relayWire.js'
import { createRelay, type CreateRelayParameters } from '../../src/server/index.js'
import { startLocalChain, type LocalChain, type StartLocalChainParameters } from '../../src/testing/chain/startLocalChain.js'

export const newAccount = () => privateKeyToAccount(generatePrivateKey())

export const soon = () => Math.floor(Date.now() / 1000) + 300

export const pins = (execution: Execution) => [caveats.exactExecution(execution), caveats.callLimit(1), caveats.time({ until: soon() })]

export type Terms = { delegate: Address; authority?: Hex; caveats?: readonly Caveat[] }

export type RpcAnswer = { id: number; result?: unknown; error?: { code: number; message: string; data?: Hex } }

/** A chain of its own, and on it what callers of a relay sign and send. */
export async function startRelayWorld(options?: StartLocalChainParameters) {
  const chain = await startLocalChain(options)
  const sword = await chain.deploy({ abi: swordAbi, bytecode: swordBytecode })
  return { chain, sword, kit: createRelayWorld({ chain, sword }) }
}

function createRelayWorld({ chain, sword }: { chain: LocalChain; sword: Address }) {
  const chainId = chain.chain.id

  const makeSmart = (account: LocalAccount) => chain.client.setCode({ address: account.address, bytecode: concatHex(['0xef0100', framework.EIP7702StatelessDeleGatorImpl]) })

  /** A relay with its own funded account; a player, upgraded; a session key without ETH. */
  async function startRelay(options: Partial<CreateRelayParameters> = {}) {
    const sponsor = options.account ?? newAccount()
    const player = newAccount()
    if (!options.account) await chain.setBalance(sponsor.address, parseEther('10'))
    await makeSmart(player)
    const errors: unknown[] = []
    const handler = createRelay({ chain: chain.chain, transport: http(chain.rpcUrl), account: sponsor, onError: (error) => errors.push(error), ...options })
    const post = (body: string, headers: Record<string, string> = {}) => handler(new Request('http://relay/any/path', { method: 'POST', headers, body }))
    const ask = async (method: string, params: unknown, headers: Record<string, string> = {}) => {
      const response = await post(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }), headers)
      return { status: response.status, headers: response.headers, body: (await response.json()) as RpcAnswer }
    }
    const rpc = async (method: string, params: unknown, headers: Record<string, string> = {}) => (await ask(method, params, headers)).body
    const url = 'http://relay.test/rpc'
    const relay = createRelayClient({ url, fetch: (input, init) => handler(new Request(input as string, init)), pollingIntervalMs: 5 })
    const sync = (transaction: RelayTransaction, timeout?: number) => rpc('relayer_sendTransactionSync', { ...encodeRelayTransaction(transaction), timeout })
    const attempt = (transaction: RelayTransaction) => ask('relayer_sendTransactionSync', encodeRelayTransaction(transaction))
    return { sponsor, player, session: newAccount(), handler, post, rpc, ask, attempt, relay, sync, errors }
  }
  type Party = { player: LocalAccount; session: LocalAccount; sponsor: LocalAccount }

  const mint = (to: Address): Execution => ({ to: sword, value: 0n, data: encodeFunctionData({ abi: swordAbi, functionName: 'mint', args: [to] }) })

  async function sign(signer: LocalAccount, { delegate, authority = rootAuthority, caveats: limits = [] }: Terms): Promise<Delegation> {
    const unsigned = { delegate, delegator: signer.address, authority, caveats: limits, salt: randomSalt() }
    return { ...unsigned, signature: await signer.signTypedData(delegationTypedData(unsigned, chainId)) }
  }

  const grant = (player: LocalAccount, to: Address, limits: readonly Caveat[] = []) =>
    sign(player, { delegate: to, caveats: [caveats.targets([sword]), caveats.value(0n), ...limits] })

  const pinnedLeaf = (session: LocalAccount, root: Delegation, execution: Execution, delegate: Address) =>
    sign(session, { delegate, authority: hashDelegation(root), caveats: pins(execution) })

  const redeem = (...redemptions: Redemption[]): RelayTransaction => ({ chainId, to: framework.DelegationManager, data: encodeRedeemDelegations(redemptions) })

  /** The session mints one sword for the player, by a leaf to `delegate`. */
  async function mintThrough(world: Party, delegate: Address = world.sponsor.address, limits: readonly Caveat[] = []) {
    const root = await grant(world.player, world.session.address, limits)
    return { root, ...(await mintAgain(world, root, delegate)) }
  }

  /** One more by the same permission. */
  async function mintAgain({ player, session, sponsor }: Party, root: Delegation, delegate: Address = sponsor.address) {
    const execution = mint(player.address)
    const leaf = await pinnedLeaf(session, root, execution, delegate)
    return { leaf, execution, transaction: redeem({ delegations: [leaf, root], execution }) }
  }

  /** Any call that a permission without limits allows. */
  async function callThrough({ player, session, sponsor }: Party, execution: Execution, limits: readonly Caveat[] = []) {
    const root = await sign(player, { delegate: session.address, caveats: limits })
    const leaf = await pinnedLeaf(session, root, execution, sponsor.address)
    return redeem({ delegations: [leaf, root], execution })
  }

  /** `count` mints in one: the session account redeems them itself, and one leaf pins that whole call. */
  async function batchOf({ player, session, sponsor }: Party, count: number) {
    const inner = await Promise.all(
      Array.from({ length: count }, async () => ({ delegations: [await grant(player, session.address)], execution: mint(player.address) })),
    )
    const execution = { to: framework.DelegationManager, value: 0n, data: encodeRedeemDelegations(inner) }
    const leaf = await sign(session, { delegate: sponsor.address, caveats: pins(execution) })
    return { inner, transaction: redeem({ delegations: [leaf], execution }) }
  }

  const upgrade = async (account: ReturnType<typeof newAccount>, overrides: { address?: Address; chainId?: number; nonce?: number } = {}): Promise<SignedAuthorization> =>
    account.signAuthorization({ address: framework.EIP7702StatelessDeleGatorImpl, chainId, nonce: 0, ...overrides })

  const swordsOf = (owner: Address) => chain.client.readContract({ address: sword, abi: swordAbi, functionName: 'balanceOf', args: [owner] })
  const sentBy = (account: LocalAccount) => chain.client.getTransactionCount({ address: account.address })

  return { startRelay, makeSmart, mint, sign, grant, pinnedLeaf, redeem, mintThrough, mintAgain, callThrough, batchOf, upgrade, swordsOf, sentBy }
}

export type RelayWorld = Awaited<ReturnType<typeof startRelayWorld>>['kit']

export async function until<value>(look: () => Promise<value>, isThere: (value: value) => boolean): Promise<value> {
  for (;;) {
    const value = await look()
    if (isThere(value)) return value
    // Calls into the handler never leave the microtask queue; sockets need a turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
